import { constants } from "node:os";
import type { SandboxKind } from "../../sandbox/sandbox.ts";
import type { ProcessEnd } from "./start-process.ts";

function signalName(number: number): string | null {
	return Object.entries(constants.signals).find(([, value]) => value === number)?.[0] ?? null;
}

/** How a command ended, in one line for the model. */
export function endLine({ exitCode, signal }: ProcessEnd): string {
	const name = typeof signal === "number" ? signalName(signal) : signal;
	if (name !== null) {
		return `Ended by signal ${name}.`;
	}
	const behindShell = exitCode !== null && exitCode > 128 ? signalName(exitCode - 128) : null;
	return behindShell === null ? `Exit code ${exitCode ?? "unknown"}.` : `Exit code ${exitCode} (signal ${behindShell}).`;
}

/** What a failure may come from that the model cannot see; null where nothing points to it. */
export function sandboxHint(output: string, kind: SandboxKind, network: boolean): string | null {
	if (kind === "none") {
		return null;
	}
	if (/read-only file system|operation not permitted|EROFS/i.test(output)) {
		return "The sandbox lets commands write to the workspace and to temporary files only; git's hooks and settings are read-only too.";
	}
	if (
		!network &&
		/network is unreachable|could not resolve|EAI_AGAIN|ENETUNREACH|temporary failure in name resolution|getaddrinfo/i.test(output)
	) {
		return "The sandbox has no network. Where the task needs it, call again with network: true.";
	}
	return null;
}
