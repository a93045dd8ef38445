import { build } from "@opta/contracts/build";
import { type ClaimStep, claimHost } from "@opta/reach/claim/claim-host";
import { renderUnicodeCompact } from "uqr";
import type { ClaimCommandLine } from "./claim-command-line.ts";
import { type Screen, showCountdown } from "./countdown.ts";

/** What `claim` writes to, and what ends it. */
export interface ClaimTerminal {
	readonly output: Screen;
	readonly errors: Screen;
	readonly signal: AbortSignal;
}

/** As programs end at Ctrl-C. */
const exitCodes = { claimed: 0, failed: 1, cancelled: 130 } as const;

function showStep(output: Screen, { userCode, verificationUrl, verificationUrlComplete, fingerprint }: ClaimStep): void {
	output.write(`Sign in at ${verificationUrl} and enter this code:\n\n    ${userCode}\n\n`);
	if (output.isTTY === true) {
		output.write(`${renderUnicodeCompact(verificationUrlComplete)}\n\n`);
	} else {
		output.write(`Or open ${verificationUrlComplete}\n\n`);
	}
	output.write(`The page shows a fingerprint. Approve only if it is this one:\n\n    ${fingerprint}\n\n`);
}

/**
 * Has this computer claimed as a host, as the terminal says.
 * @returns the exit code: 0 when it was claimed, 130 when it was stopped, 1 otherwise
 */
export async function runClaim(
	{ stateDir, accountsOrigin, name, again }: ClaimCommandLine & { readonly kind: "claim" },
	{ output, errors, signal }: ClaimTerminal,
): Promise<number> {
	let endCountdown = (): void => undefined;
	const result = await claimHost({
		...{ stateDir, accountsOrigin, name, again, signal },
		version: build,
		show(step) {
			showStep(output, step);
			endCountdown = showCountdown(output, "Waiting for the approval", step.expiresInMs);
		},
	}).finally(() => endCountdown());
	if (!result.ok) {
		errors.write(`${result.message}\n`);
		return result.code === "cancelled" ? exitCodes.cancelled : exitCodes.failed;
	}
	output.write(
		`This computer is the host "${result.identity.name}" of ${result.ownerName} now (${stateDir}).\n` +
			`Start it, or start it anew if it runs: npm run host -- --state-dir ${stateDir} --tunnel quick\n` +
			`Who may use it: ${result.identity.issuer}/hosts\n`,
	);
	return exitCodes.claimed;
}
