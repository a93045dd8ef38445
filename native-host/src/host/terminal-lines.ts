import type { TunnelView } from "@opta/contracts/schema/process-message";
import type { ProcessChange } from "../supervisor/supervision.ts";

/** Lines of mirrored errors within the window; what is more is in the log only. */
const maxErrors = 5;
const windowMs = 10_000;
const maxErrorChars = 300;

/** What the terminal says about a change of a role; null when there is nothing to say. */
export function describeRoleChange(change: ProcessChange, url: string, width: number): string | null {
	const name = change.name.padEnd(width);
	switch (change.state) {
		case "ready":
			return `${name}  ready  ${url}`;
		case "restarting":
			return `${name}  ${change.reason}; starting it again`;
		case "failed":
			return `${name}  failed: ${change.reason}`;
		default:
			return null;
	}
}

/** What the terminal says about the way from the internet; null when there is nothing to say. */
export function describeTunnel(role: string, { state, publicUrl, reason }: TunnelView, width: number): string | null {
	const name = role.padEnd(width);
	switch (state) {
		case "connected":
			return `${name}  open to the internet  ${publicUrl}`;
		case "reconnecting":
			return `${name}  cut from the internet: ${reason}; trying again`;
		case "missing":
			return `${name}  ${reason}`;
		default:
			return null;
	}
}

/** Lets a few errors of a role through to the terminal, then says once that the rest is in the log. */
export function createErrorMirror(
	say: (line: string) => void,
	nowMs: () => number,
): (name: string, sentence: string, logFile: string) => void {
	let windowStartMs = Number.NEGATIVE_INFINITY;
	let count = 0;
	return (name, sentence, logFile) => {
		if (nowMs() - windowStartMs >= windowMs) {
			windowStartMs = nowMs();
			count = 0;
		}
		count += 1;
		if (count <= maxErrors) {
			say(`${name}  ${sentence.length > maxErrorChars ? `${sentence.slice(0, maxErrorChars)}…` : sentence}`);
		} else if (count === maxErrors + 1) {
			say(`${name}  further errors are in ${logFile}`);
		}
	};
}
