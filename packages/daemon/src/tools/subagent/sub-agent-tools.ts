import { z } from "zod";
import { limitOutput } from "../output/limit-output.ts";
import { defineTool, type ToolGroup } from "../tool.ts";

const input = z.strictObject({
	task: z.string().min(1).max(50_000).describe("All it needs to know: it sees nothing of this conversation."),
	tools: z.array(z.string().min(1)).max(64).optional().describe("Names of the tools that it may use; all but sub_agent when missing."),
});

const subAgent = defineTool({
	name: "sub_agent",
	description:
		"Gives a task to a second agent with a conversation of its own, in the same workspace and with the same permissions, and returns its last message. For searches and side tasks whose details you do not need.",
	kind: "interact",
	input,
	access: ({ task }) => ({
		title: `Sub-agent: ${task.split("\n", 1)[0]?.slice(0, 120)}`,
		detail: task,
		subjects: ["sub_agent"],
		alwaysPatterns: ["*"],
	}),
	run: async ({ task, tools }, { runSubAgent, maxOutputBytes }) => {
		const outcome = await runSubAgent(task, tools);
		const limited = limitOutput(outcome.output, maxOutputBytes, "Ask for a shorter answer.");
		return { ...outcome, output: limited.text, truncated: limited.truncated || outcome.truncated === true };
	},
});

/** `sub_agent`. What it does is asked for call by call, as everything else is. */
export function subAgentTools(): ToolGroup {
	return { tools: [subAgent], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
