import type { ToolOutcome } from "../tools/tool.ts";
import { type CallParts, type PreparedCall, runCall } from "./run-call.ts";

/** Calls that may run at the same time stand in one group; the groups run one after the other. */
export function groupCalls<T extends Pick<PreparedCall, "tool">>(calls: readonly T[]): T[][] {
	const groups: T[][] = [];
	let isOpen = false;
	for (const call of calls) {
		const isRead = call.tool === null || call.tool.kind === "read" || call.tool.kind === "network";
		const last = groups.at(-1);
		if (isRead && isOpen && last !== undefined) {
			last.push(call);
		} else {
			groups.push([call]);
		}
		isOpen = isRead;
	}
	return groups;
}

/**
 * Makes the calls of one step: reads next to each other at the same time (`maxParallel` at most), everything else alone
 * and in the order in which the model asked for it. Every call has its result when this resolves.
 */
export async function runCalls(
	parts: CallParts,
	calls: readonly PreparedCall[],
	maxParallel: number,
	onResult: (call: PreparedCall, outcome: ToolOutcome) => Promise<void>,
): Promise<void> {
	for (const group of groupCalls(calls)) {
		const waiting = [...group];
		const work = async (): Promise<void> => {
			for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
				await onResult(next, await runCall(parts, next));
			}
		};
		await Promise.all(Array.from({ length: Math.min(maxParallel, group.length) }, work));
	}
}
