import type { Message } from "@opta/contracts/schema/daemon-message";

/** Longest part of a running tool's output that is kept for the screen, in UTF-16 units. */
export const outputTailLength = 4000;

/** One call of a tool, from its start to its result. */
export interface ToolRun {
	readonly callId: string;
	readonly turnId: string;
	readonly name: string;
	/** Null where only the stored messages are known. */
	readonly title: string | null;
	readonly arguments: Readonly<Record<string, unknown>>;
	readonly state: "running" | "ok" | "failed" | "stopped";
	/** End of what it has written so far; empty once there is a result. */
	readonly tail: string;
	/** UTF-16 units written so far. */
	readonly written: number;
	readonly output: string | null;
	readonly truncated: boolean;
	readonly diff: string | null;
	readonly durationMs: number | null;
}

/** Runs by the call they answer. */
export type ToolRuns = Readonly<Record<string, ToolRun>>;

/** A run of which only the call is known. */
export function newRun(callId: string, turnId: string, name: string): ToolRun {
	return {
		callId,
		turnId,
		name,
		title: null,
		arguments: {},
		state: "running",
		tail: "",
		written: 0,
		output: null,
		truncated: false,
		diff: null,
		durationMs: null,
	};
}

/** The runs after a message: its calls begin, and a tool's answer ends the run for those who have not seen `tool.result`. */
export function runsWith(runs: ToolRuns, message: Message): ToolRuns {
	if (message.role === "assistant" && message.toolCalls !== undefined) {
		const added = message.toolCalls.filter((call) => runs[call.id] === undefined);
		const fresh = added.map((call) => [call.id, { ...newRun(call.id, message.turnId ?? "", call.name), arguments: call.arguments }]);
		return added.length === 0 ? runs : { ...runs, ...Object.fromEntries(fresh) };
	}
	if (message.role === "tool" && message.toolCallId !== undefined) {
		const run = runs[message.toolCallId] ?? newRun(message.toolCallId, message.turnId ?? "", message.name ?? "tool");
		return run.output === null
			? { ...runs, [run.callId]: { ...run, state: message.ok === false ? "failed" : "ok", tail: "", written: 0, output: message.content } }
			: runs;
	}
	return runs;
}

/** The run with a piece of output more; repeated pieces change nothing. */
export function withOutput(run: ToolRun, offset: number, text: string): ToolRun {
	const written = offset + text.length;
	if (run.state !== "running" || written <= run.written) {
		return run;
	}
	return { ...run, tail: (run.tail + text.slice(Math.max(0, run.written - offset))).slice(-outputTailLength), written };
}
