import type { ToolCall } from "@opta/contracts/schema/daemon-message";
import { z } from "zod";
import { limitOutput } from "../tools/output/limit-output.ts";
import type { Tool, ToolContext, ToolOutcome } from "../tools/tool.ts";
import type { TurnContext } from "../turns/turn-runner.ts";
import type { LoopGuard } from "./loop-guard.ts";

/** A call that can be made, or why it cannot. */
export interface PreparedCall {
	readonly call: ToolCall;
	readonly tool: Tool | null;
	/** Why its arguments could not be read; null where they could. */
	readonly problem: string | null;
}

/** What calls are made with. */
export interface CallParts {
	readonly turn: TurnContext;
	readonly tools: readonly Tool[];
	readonly guard: LoopGuard;
	readonly maxOutputBytes: number;
	/** Absolute, symbolic links resolved. */
	readonly workspace: string;
	readonly runSubAgent: ToolContext["runSubAgent"];
}

/** A tool that does not end by itself after a cancel is not waited for any longer than this. */
const cancelGraceMs = 5000;

const cancelled: ToolOutcome = { ok: false, output: "The turn was cancelled before this call ended." };

function failed(output: string): ToolOutcome {
	return { ok: false, output };
}

function problemsOf(error: z.ZodError, tool: Tool): string {
	return `The arguments do not fit ${tool.name}, so nothing was done:\n${z.prettifyError(error)}\nCall again with arguments that fit.`;
}

function contextOf(parts: CallParts, call: ToolCall): ToolContext {
	const { turn, workspace, maxOutputBytes, runSubAgent } = parts;
	let offset = 0;
	return {
		sessionId: turn.session().id,
		turnId: turn.turnId,
		callId: call.id,
		workspace,
		environment: turn.environment,
		signal: turn.signal,
		maxOutputBytes,
		onOutput(text) {
			turn.emit({ type: "tool.output", data: { turnId: turn.turnId, callId: call.id, offset, text } });
			offset += text.length;
		},
		keepBefore: turn.keepBefore,
		ask: (question, choices) => turn.ask(question, call.id, choices),
		todos: { read: () => turn.session().todos, write: turn.writeTodos },
		runSubAgent,
	};
}

/** Waits for a tool, and after a cancel only a little longer. */
async function untilCancelled(work: Promise<ToolOutcome>, signal: AbortSignal): Promise<ToolOutcome> {
	const { promise, resolve } = Promise.withResolvers<ToolOutcome>();
	let grace: NodeJS.Timeout | undefined;
	const onAbort = (): void => {
		grace = setTimeout(() => resolve(cancelled), cancelGraceMs);
	};
	signal.addEventListener("abort", onAbort, { once: true });
	try {
		return await Promise.race([work, promise]);
	} finally {
		signal.removeEventListener("abort", onAbort);
		clearTimeout(grace);
	}
}

/** Something that a tool threw. Tools tell failures as outcomes; what comes here was not foreseen. */
function thrown(error: unknown, tool: Tool): ToolOutcome {
	const said = error instanceof z.ZodError ? problemsOf(error, tool) : error instanceof Error ? error.message : String(error);
	return failed(`${tool.name} failed: ${said}`);
}

/** Makes one call: tells that it begins, asks where that is needed, runs it, and tells how it ended. */
export async function runCall(parts: CallParts, prepared: PreparedCall): Promise<ToolOutcome> {
	const { turn, guard, tools } = parts;
	const { call, tool } = prepared;
	const { turnId, signal } = turn;

	const start = async (title: string): Promise<void> => {
		await turn.append({ type: "tool.start", data: { turnId, callId: call.id, name: call.name, arguments: call.arguments, title } });
	};

	async function make(): Promise<ToolOutcome> {
		if (tool === null) {
			await start(call.name);
			return failed(`There is no tool "${call.name}". There are: ${tools.map(({ name }) => name).join(", ")}.`);
		}
		const input = tool.input.safeParse(call.arguments);
		if (prepared.problem !== null || !input.success) {
			await start(call.name);
			return failed(prepared.problem ?? (input.error === undefined ? "" : problemsOf(input.error, tool)));
		}
		const access = await Promise.resolve(tool.access(input.data, parts)).catch((error: unknown) => thrown(error, tool));
		if ("ok" in access) {
			await start(call.name);
			return access;
		}
		await start(access.title);
		if (signal.aborted) {
			return cancelled;
		}
		if (guard.isStuck(call.name, call.arguments)) {
			return failed(
				"This same call was just made twice with the same result, so it was not made again. Do something else, or say what is missing.",
			);
		}
		const verdict = await turn.permit(tool, access, call.id);
		if (!verdict.allowed) {
			return signal.aborted ? cancelled : failed(`Not allowed: ${verdict.reason}`);
		}
		const run = Promise.resolve(tool.run(input.data, contextOf(parts, call))).catch((error: unknown) => thrown(error, tool));
		const outcome = await untilCancelled(run, signal);
		guard.note(call.name, call.arguments, outcome.output);
		return outcome;
	}

	const startedMs = performance.now();
	const made = await make();
	const limited = limitOutput(made.output, parts.maxOutputBytes, "Ask for a smaller part.");
	const outcome: ToolOutcome = { ...made, output: limited.text, truncated: made.truncated === true || limited.truncated };
	await turn.append({
		type: "tool.result",
		data: {
			turnId,
			callId: call.id,
			name: call.name,
			ok: outcome.ok,
			output: outcome.output,
			truncated: outcome.truncated === true,
			durationMs: Math.round(performance.now() - startedMs),
			...(outcome.diff === undefined ? {} : { diff: outcome.diff }),
		},
	});
	return outcome;
}
