import type { AccountsContext } from "../accounts-context.ts";
import { landingPage } from "../hosts/landing-page.ts";
import { openSessionAuthClient, type SessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { dropSessionCookies } from "../session/session-cookie-writer.ts";
import { noteSession } from "../sessions/note-session.ts";
import { formErrorOf } from "./back-end-error.ts";
import type { FormErrorCode } from "./form-error.ts";
import { dropFormMemory, readFormMemory } from "./form-memory.ts";
import { pageAddress } from "./page-address.ts";
import { judgePassword } from "./password-rules.ts";
import { readPostedForm } from "./posted-form.ts";

/** Kinds of mail links that prove an address and set a password: of a new account, and for a forgotten password. */
const linkTypes = ["signup", "recovery"] as const;

/** Kind of a mail link that proves an address. */
export type LinkType = (typeof linkTypes)[number];

/** Reads the `type` of a mail link; anything unknown is taken for the usual one. */
export function readLinkType(value: unknown): LinkType {
	return linkTypes.find((type) => type === value) ?? "signup";
}

/**
 * Makes the typed password the account's own. Whoever created the account may have been somebody else who only knew
 * the address; without this their password would open it after its owner confirmed it.
 */
async function claimWithPassword(client: SessionAuthClient, password: string): Promise<FormErrorCode | null> {
	const { error } = await client.auth.updateUser({ password });
	const isSet = error?.code === "same_password" || formErrorOf(client, error) === null;
	return isSet ? null : "password_not_set";
}

/** `POST /api/confirm`: fields `token_hash`, `type`, `password`. Proves the address of a mail link, sets the password, signs in. */
export async function confirmAddress(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const { addressing } = configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const tokenHash = form.text("token_hash");
	const type = readLinkType(form.text("type"));
	const password = form.text("password");
	const again = (error: FormErrorCode) =>
		seeOther(pageAddress(addressing, "/auth/confirm", { error, type, token_hash: error === "link_over" ? undefined : tokenHash }));
	const wrong = judgePassword(password);
	if (tokenHash === "" || wrong !== null) {
		return again(wrong ?? "link_over");
	}
	const client = openSessionAuthClient(configuration, null);
	const verified = await client.auth.verifyOtp({ token_hash: tokenHash, type });
	const refused = formErrorOf(client, verified.error);
	if (refused !== null) {
		return again(refused === "unavailable" || refused === "too_many" ? refused : "link_over");
	}
	if ((await claimWithPassword(client, password)) !== null) {
		await client.auth.signOut({ scope: "local" });
		const signIn = pageAddress(addressing, "/sign-in", { error: "password_not_set" });
		return seeOther(signIn, dropSessionCookies(addressing, form.cookieHeader));
	}
	if (type === "recovery") {
		await client.auth.signOut({ scope: "others" });
	}
	if (verified.data.session !== null) {
		await noteSession(context, verified.data.session.access_token, request.headers, "password");
	}
	const target = await landingPage(context, verified.data.session?.access_token, readFormMemory(form.cookieHeader).redirectTo);
	return seeOther(target, [...client.setCookies(), dropFormMemory()]);
}
