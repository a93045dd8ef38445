import type { SignedInSession } from "@opta/auth/session";
import { type SiteAddressing, siteUrl } from "@opta/contracts/site-url";
import type { AccountsContext } from "../accounts-context.ts";
import { freshPerson } from "../devices/fresh-person.ts";
import { formErrorOf } from "../forms/back-end-error.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import { pageAddress } from "../forms/page-address.ts";
import { atLeast } from "../limits/at-least.ts";
import { guardAttempt } from "../limits/guard-attempt.ts";
import { needsProof, readSecondFactors } from "../second-factor/read-second-factors.ts";
import { openAuthClient } from "../session/auth-client.ts";
import { seeOther } from "../session/response.ts";
import { readInventory } from "../sessions/inventory.ts";

/** This long after a sign-in, its person need not prove themselves again. */
const recentMs = 600_000;

/** Somebody who has just proved who they are, or what the form says. */
export type Reauthenticated =
	| { readonly ok: true; readonly session: SignedInSession; readonly setCookies: readonly string[] }
	| { readonly ok: false; readonly error: FormErrorCode | "signed_out" | "second_factor"; readonly wait?: string | undefined };

async function isRecent(context: AccountsContext, session: SignedInSession): Promise<boolean> {
	const inventory = await readInventory(context.configuration, session);
	const current = inventory.state === "ok" ? inventory.value.sessions.find(({ isCurrent }) => isCurrent) : undefined;
	return current !== undefined && Date.now() - current.openedAt.getTime() < recentMs;
}

async function provePerson(
	context: AccountsContext,
	request: Request,
	cookieHeader: string | null,
	password: string,
): Promise<Reauthenticated> {
	const person = await freshPerson(context, cookieHeader);
	if (person.state !== "signedIn") {
		return { ok: false, error: person.state === "unavailable" ? "unavailable" : "signed_out" };
	}
	const { session, setCookies } = person;
	if (password === "") {
		return (await isRecent(context, session)) ? { ok: true, session, setCookies } : { ok: false, error: "reauthenticate" };
	}
	const attempt = await guardAttempt(context, "password", session.user.email, request.headers);
	if (!attempt.ok) {
		return { ok: false, error: attempt.error, wait: attempt.wait };
	}
	const client = openAuthClient(context.configuration);
	const { error } = await atLeast(() => client.auth.signInWithPassword({ email: session.user.email, password }));
	const code = formErrorOf(client, error);
	if (code !== null) {
		return { ok: false, error: code === "wrong_password" ? "password_wrong" : code };
	}
	// The proof made a session of its own, which nobody is to use.
	await Promise.all([client.auth.signOut({ scope: "local" }), attempt.giveBack()]);
	return { ok: true, session, setCookies };
}

/**
 * Before anything that changes who can open an account (ASVS 5.0, 7.5.1): the session is confirmed by the back end, and
 * either the password is right or the person signed in during the last ten minutes. Where a second factor is enrolled, this session must have
 * proved it in the last ten minutes, too.
 */
export async function reauthenticate(
	context: AccountsContext,
	request: Request,
	cookieHeader: string | null,
	password: string,
): Promise<Reauthenticated> {
	const person = await provePerson(context, request, cookieHeader, password);
	if (!person.ok) {
		return person;
	}
	const factors = await readSecondFactors(context, person.session);
	if (factors === null) {
		return { ok: false, error: "unavailable" };
	}
	return needsProof(factors) ? { ok: false, error: "second_factor" } : person;
}

/** Sends somebody who has not proved who they are back to the page, or on to where the second factor is proved. */
export function refusedBack(
	addressing: SiteAddressing,
	refused: Extract<Reauthenticated, { ok: false }>,
	page: string,
	parameters: Readonly<Record<string, string | undefined>> = {},
): Response {
	switch (refused.error) {
		case "signed_out":
			return seeOther(pageAddress(addressing, page));
		case "second_factor":
			return seeOther(pageAddress(addressing, "/security/prove", { redirect_to: siteUrl(addressing, "accounts", page) }));
		default:
			return seeOther(pageAddress(addressing, page, { ...parameters, error: refused.error, wait: refused.wait }));
	}
}
