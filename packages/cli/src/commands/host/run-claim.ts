import { hostname } from "node:os";
import { build } from "@opta/contracts/build";
import { addressingOf } from "@opta/daemon/account/accounts-addressing";
import { type ClaimStep, claimHost } from "@opta/reach/claim/claim-host";
import { leftText } from "@opta/reach/claim/left-text";
import { renderUnicodeCompact } from "uqr";
import { loadCliConfig } from "../../config/load-cli-config.ts";
import { CommandFailure, type FailureKind } from "../../program/command-failure.ts";
import type { CommandRun } from "../../program/command-spec.ts";
import type { Output } from "../../terminal/output.ts";

const longestName = 80;
const secondMs = 1000;
const failureKinds: Readonly<Record<string, FailureKind>> = { cancelled: "interrupted", unavailable: "unreachable" };

/** Shows the code and counts down; the result ends that. */
function show(output: Output, { userCode, verificationUrl, verificationUrlComplete, fingerprint, expiresInMs }: ClaimStep): () => void {
	output.note(`Sign in at ${verificationUrl} and enter this code:\n\n    ${userCode}\n`);
	output.note(output.isTerminal ? renderUnicodeCompact(verificationUrlComplete) : `Or open ${verificationUrlComplete}`);
	output.note(`The page shows a fingerprint. Approve only if it is this one:\n\n    ${fingerprint}\n`);
	const endAtMs = performance.now() + expiresInMs;
	const draw = (): void => output.progress(`waiting for the approval … ${leftText(endAtMs - performance.now())}`);
	draw();
	const timer = setInterval(draw, secondMs);
	return () => {
		clearInterval(timer);
		output.progress(null);
	};
}

/** Has this computer claimed as a host. */
export const runHostClaim: CommandRun = async ({ context, flags }) => {
	const { output, home, signal } = context;
	const { accounts, hostPolicy } = await loadCliConfig(context);
	if (hostPolicy === "client") {
		throw new CommandFailure(
			"configuration",
			"This computer is a client only (hostPolicy), so it can be no host. Claim the host on its own computer.",
		);
	}
	const accountsOrigin = flags.text("accountsOrigin") ?? accounts.origin;
	if (URL.parse(accountsOrigin) === null || addressingOf(accountsOrigin) === null) {
		throw new CommandFailure("usage", `--accounts-origin is "${accountsOrigin}"; it must be like https://accounts.optalocal.com.`);
	}
	let endShow = (): void => undefined;
	const claimed = await claimHost({
		stateDir: home,
		accountsOrigin: new URL(accountsOrigin).origin,
		name: (flags.text("name") ?? hostname()).slice(0, longestName) || "Host",
		version: build,
		again: flags.isSet("again"),
		signal,
		show: (step) => {
			endShow = show(output, step);
		},
	}).finally(() => endShow());
	if (!claimed.ok) {
		throw new CommandFailure(failureKinds[claimed.code] ?? "failed", claimed.message);
	}
	const { hostId, name, issuer } = claimed.identity;
	if (flags.isSet("json")) {
		output.json({ claimed: true, hostId, name, ownerName: claimed.ownerName });
	} else {
		output.line(`This computer is the host "${name}" of ${claimed.ownerName} now. Who may use it: ${issuer}/hosts`);
	}
	return "ok";
};
