import type { SignedInSession } from "@opta/auth/session";
import type { AccountsContext } from "../accounts-context.ts";
import { clientNetwork } from "../limits/client-address.ts";
import { takeAttempt } from "../limits/take-attempt.ts";
import { hashOf } from "./issue-device-token.ts";

/** What a typed code was found to stand for, or why not, as a code of the form's messages. */
export type FoundByCode<T> = { readonly found: T } | { readonly error: "code_unknown" | "too_many" | "unavailable" };

/** Looks up a typed code with a database function that answers rows. Every look and every answer counts: five codes in ten minutes (RFC 8628 §5.1). */
export async function findByUserCode<T>(
	context: AccountsContext,
	session: SignedInSession,
	code: string,
	headers: Headers,
	look: { readonly name: string; readonly readRows: (rows: unknown) => readonly T[] },
): Promise<FoundByCode<T>> {
	const attempt = await takeAttempt(context.portal, "userCode", session.user.id, clientNetwork(headers, context.clientAddressHeader));
	if (attempt.state !== "allowed") {
		return { error: attempt.state === "wait" ? "too_many" : "unavailable" };
	}
	const answer = await context.portal.call(look.name, { user_code_hash: hashOf(code) }, session.accessToken);
	if (answer.state !== "ok") {
		return { error: "unavailable" };
	}
	const [found] = look.readRows(answer.data);
	return found === undefined ? { error: "code_unknown" } : { found };
}
