import type { AccountsContext } from "../accounts-context.ts";
import type { FormErrorCode } from "../forms/form-error.ts";
import type { AttemptKind } from "./attempt-limits.ts";
import { clientNetwork } from "./client-address.ts";
import { returnAttempt, takeAttempt } from "./take-attempt.ts";

/** An attempt that may be made, or what the form says instead. */
export type GuardedAttempt =
	| { readonly ok: true /** After a right attempt: only wrong ones count. */; readonly giveBack: () => Promise<void> }
	| { readonly ok: false; readonly error: FormErrorCode; readonly wait: string | undefined };

/** Counts an attempt that a form makes about an e-mail address, an account or a code. */
export async function guardAttempt(
	context: AccountsContext,
	kind: AttemptKind,
	subject: string,
	headers: Headers,
): Promise<GuardedAttempt> {
	const network = clientNetwork(headers, context.clientAddressHeader);
	const verdict = await takeAttempt(context.portal, kind, subject, network);
	switch (verdict.state) {
		case "allowed":
			return { ok: true, giveBack: () => returnAttempt(context.portal, kind, subject) };
		case "wait":
			return { ok: false, error: "too_many", wait: String(verdict.waitSeconds) };
		case "unavailable":
			return { ok: false, error: "unavailable", wait: undefined };
	}
}
