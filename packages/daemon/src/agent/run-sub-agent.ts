import type { Message } from "@opta/contracts/schema/daemon-message";
import { v7 as uuid } from "uuid";
import type { ToolOutcome } from "../tools/tool.ts";
import { buildPrompt } from "./build-prompt.ts";
import { createLoopGuard } from "./loop-guard.ts";
import { type LoopParts, runLoop } from "./run-loop.ts";
import { subAgentPrompt } from "./system-prompt.ts";

/** Steps of a sub-agent at most. */
const mostSteps = 25;
/** The tool that starts one; a sub-agent has it not. */
const ownName = "sub_agent";

/**
 * Runs a task in a conversation of its own, with the tools named, and gives its last message. Its calls ask for the same
 * permissions and are shown as part of the turn; its messages are not kept.
 */
export async function runSubAgent(
	parent: Omit<LoopParts, "conversation">,
	systemPrompt: string,
	task: string,
	names: readonly string[] | undefined,
): Promise<ToolOutcome> {
	const tools = parent.tools.filter(({ name }) => name !== ownName && (names === undefined || names.includes(name)));
	const messages: Message[] = [{ id: uuid(), role: "user", at: parent.now().toISOString(), content: task }];
	const end = await runLoop({
		...parent,
		tools,
		guard: createLoopGuard(),
		maxSteps: Math.min(parent.maxSteps, mostSteps),
		showsText: false,
		calls: {
			...parent.calls,
			runSubAgent: async () => ({ ok: false, output: "A sub-agent cannot start another one. Do the task yourself." }),
		},
		conversation: {
			messages: () => messages,
			add: async (message) => void messages.push(message),
			prompt: () => buildPrompt(`${systemPrompt}\n\n${subAgentPrompt}`, { messages, compaction: null }),
			join: async () => false,
			compact: async () => false,
		},
	});
	const said = messages.findLast(({ role, content }) => role === "assistant" && content !== "")?.content ?? "";
	if (!end.ok) {
		return { ok: false, output: `The sub-agent ended early: ${end.message}${said === "" ? "" : `\nIts last words: ${said}`}` };
	}
	if (end.reason !== "stop") {
		return {
			ok: false,
			output: `The sub-agent ended before it was done (${end.reason}).${said === "" ? "" : `\nIts last words: ${said}`}`,
		};
	}
	return { ok: true, output: said === "" ? "The sub-agent ended without a word." : said };
}
