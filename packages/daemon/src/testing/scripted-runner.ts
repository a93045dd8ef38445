import type { Message } from "@opta/contracts/schema/daemon-message";
import { v7 as newId } from "uuid";
import { z } from "zod";
import type { Tool } from "../tools/tool.ts";
import { openCalls } from "../turns/open-calls.ts";
import { noUsage } from "../turns/turn-events.ts";
import type { TurnContext, TurnEnd, TurnRunner } from "../turns/turn-runner.ts";

/** What a scripted agent does with a turn whose message begins with that word; `echo` where none fits. */
export type Script = Readonly<Record<string, (context: TurnContext, message: Message) => Promise<TurnEnd>>>;

/** A tool that only asks for permission. */
export const askingTool: Tool<unknown> = {
	name: "run_command",
	description: "Runs a command.",
	kind: "execute",
	input: z.unknown(),
	access: () => ({ title: "Run npm test", subjects: ["npm test"], alwaysPatterns: ["npm *"] }),
	run: async () => ({ ok: true, output: "ran" }),
};

/** An agent for tests: answers at once, and keeps to the rules of `TurnContext`. */
export function scriptedRunner(script: Script = {}): TurnRunner & { readonly turns: string[]; active: number; mostActive: number } {
	const runner = {
		turns: [] as string[],
		active: 0,
		mostActive: 0,
		run: async (context: TurnContext): Promise<TurnEnd> => {
			runner.turns.push(context.turnId);
			runner.active += 1;
			runner.mostActive = Math.max(runner.mostActive, runner.active);
			try {
				await context.append({ type: "turn.started", data: { turnId: context.turnId, model: "scripted", provider: "lmx" } });
				const message = context.session().messages.findLast(({ id }) => id === context.turnId);
				const word = message?.content.split(" ", 1)[0] ?? "";
				const act = script[word];
				return act === undefined || message === undefined ? await echo(context, message?.content ?? "") : await act(context, message);
			} finally {
				runner.active -= 1;
			}
		},
		title: async () => null,
		summarize: async () => null,
	};
	return runner;
}

/** Answers with what was said. */
export async function echo(context: TurnContext, text: string): Promise<TurnEnd> {
	const id = newId();
	const { turnId } = context;
	context.emit({ type: "turn.token", data: { turnId, messageId: id, channel: "text", offset: 0, text } });
	await context.appendMessage({ id, role: "assistant", at: new Date().toISOString(), turnId, content: text, model: "scripted" });
	return { ok: true, reason: "stop", usage: { ...noUsage, completionTokens: 1 } };
}

/** Calls a tool that needs a person, or goes on with the calls that are open, and then says what came of it. */
export async function callTools(context: TurnContext, callIds: readonly string[]): Promise<TurnEnd> {
	const { turnId } = context;
	const at = new Date().toISOString();
	if (openCalls(context.session().messages).length === 0) {
		const toolCalls = callIds.map((id) => ({ id, name: "run_command", arguments: { command: id } }));
		await context.appendMessage({ id: newId(), role: "assistant", at, turnId, content: "", toolCalls });
	}
	const said = await Promise.all(
		openCalls(context.session().messages).map(async ({ id: callId, name }) => {
			const access = await askingTool.access({}, { workspace: "/" });
			const verdict = await context.permit(askingTool, access, callId);
			if (context.signal.aborted) {
				return "cancelled";
			}
			await context.append({ type: "tool.start", data: { turnId, callId, name, arguments: {}, title: access.title } });
			const output = verdict.allowed ? "ran" : verdict.reason;
			const ended = { turnId, callId, name, ok: verdict.allowed, output, truncated: false, durationMs: 1 };
			await context.append({ type: "tool.result", data: ended });
			await context.appendMessage({
				id: newId(),
				role: "tool",
				at,
				turnId,
				toolCallId: callId,
				name,
				ok: verdict.allowed,
				content: output,
			});
			return output;
		}),
	);
	return context.signal.aborted ? { ok: true, reason: "cancelled", usage: noUsage } : echo(context, said.join(", "));
}

/** Resolves when the turn is cancelled. */
export function untilCancelled({ signal }: TurnContext): Promise<TurnEnd> {
	return new Promise((resolve) => {
		const end = (): void => resolve({ ok: true, reason: "cancelled", usage: noUsage });
		if (signal.aborted) {
			end();
		} else {
			signal.addEventListener("abort", end, { once: true });
		}
	});
}
