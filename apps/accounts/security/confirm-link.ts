import { randomBytes } from "node:crypto";
import type { User } from "@supabase/supabase-js";
import { databaseTime } from "../account/database-time.ts";
import type { AccountsContext } from "../accounts-context.ts";
import { formErrorOf } from "../forms/back-end-error.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { dropFormMemory, readFormMemory } from "../forms/form-memory.ts";
import { pageAddress } from "../forms/page-address.ts";
import { readPostedForm } from "../forms/posted-form.ts";
import { landingPage } from "../hosts/landing-page.ts";
import { openSessionAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { dropSessionCookies } from "../session/session-cookie-writer.ts";
import { noteSession } from "../sessions/note-session.ts";

const types = ["magiclink", "email_change"] as const;

/** Confirming an address and opening the session of the same link are further apart than this only on a stopped machine. */
const sameLinkMs = 1000;

/** Both times are the back end's. Where one is missing, the account counts as new: that costs a password, not an account. */
function wasConfirmedBefore(user: User | null): boolean {
	const confirmedAt = databaseTime(user?.email_confirmed_at ?? "").getTime();
	const openedAt = databaseTime(user?.last_sign_in_at ?? "").getTime();
	return openedAt - confirmedAt > sameLinkMs;
}

/** True for mail links that need a click and no password. */
export function isPlainLink(type: unknown): type is (typeof types)[number] {
	return types.some((known) => known === type);
}

/**
 * `POST /api/confirm-link`: fields `token_hash`, `type`. Signs in by a mail link, or confirms a new address. Where the link
 * was also the first proof of the address, whoever created the account may have been somebody else: their password is
 * replaced by one that nobody knows, and the person is asked to choose their own.
 */
export async function confirmLink(context: AccountsContext, request: Request): Promise<Response> {
	const { configuration } = context;
	const { addressing } = configuration;
	const form = await readPostedForm(addressing, request);
	if (!form.ok) {
		return form.response;
	}
	const tokenHash = form.text("token_hash");
	const type = form.text("type");
	const again = (error: FormErrorCode) =>
		seeOther(pageAddress(addressing, "/auth/confirm", { error, type: isPlainLink(type) ? type : undefined }));
	if (tokenHash === "" || !isPlainLink(type)) {
		return again("link_over");
	}
	const client = openSessionAuthClient(configuration, type === "email_change" ? form.cookieHeader : null);
	const { data, error } = await client.auth.verifyOtp({ token_hash: tokenHash, type });
	const refused = formErrorOf(client, error);
	if (refused !== null) {
		return again(refused === "unavailable" || refused === "too_many" ? refused : "link_over");
	}
	if (type === "email_change") {
		return seeOther(
			pageAddress(addressing, "/security", { done: data.session === null ? "email-half" : "email-changed" }),
			client.setCookies(),
		);
	}
	const isFirstProof = !wasConfirmedBefore(data.user);
	if (isFirstProof) {
		const replaced = await client.auth.updateUser({ password: randomBytes(32).toString("base64url") });
		if (formErrorOf(client, replaced.error) !== null) {
			await client.auth.signOut({ scope: "local" });
			return seeOther(pageAddress(addressing, "/sign-in", { error: "unavailable" }), dropSessionCookies(addressing, form.cookieHeader));
		}
	}
	if (data.session !== null) {
		await noteSession(context, data.session.access_token, request.headers, "link");
	}
	const target = await landingPage(context, data.session?.access_token, readFormMemory(form.cookieHeader).redirectTo);
	return seeOther(isFirstProof ? pageAddress(addressing, "/security", { done: "first-link" }) : target, [
		...client.setCookies(),
		dropFormMemory(),
	]);
}
