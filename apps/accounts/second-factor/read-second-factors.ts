import type { SignedInSession } from "@opta/auth/session";
import { z } from "zod";
import type { AccountsContext } from "../accounts-context.ts";

const rowSchema = z.object({ has_totp: z.boolean(), passkey_count: z.int(), recovery_code_count: z.int(), is_proved: z.boolean() });

/** What a person has enrolled. */
export interface SecondFactors {
	readonly hasTotp: boolean;
	readonly passkeyCount: number;
	readonly recoveryCodeCount: number;
	/** This session proved one of them in the last ten minutes. */
	readonly isProved: boolean;
}

/** Reads what a person has enrolled; null while the back end is away. */
export async function readSecondFactors(
	context: AccountsContext,
	{ accessToken }: Pick<SignedInSession, "accessToken">,
): Promise<SecondFactors | null> {
	const answer = await context.portal.call("read_second_factors", {}, accessToken);
	if (answer.state !== "ok") {
		return null;
	}
	const [row] = z.array(rowSchema).parse(answer.data);
	return row === undefined
		? null
		: { hasTotp: row.has_totp, passkeyCount: row.passkey_count, recoveryCodeCount: row.recovery_code_count, isProved: row.is_proved };
}

/** True when a sensitive action has to wait until a factor was proved. */
export function needsProof(factors: SecondFactors): boolean {
	return (factors.hasTotp || factors.passkeyCount > 0) && !factors.isProved;
}
