import { z } from "zod";
import { defineTool, type ToolGroup } from "../tool.ts";

const input = z.strictObject({
	question: z.string().min(1).max(4000),
	choices: z.array(z.string().min(1).max(200)).max(10).optional().describe("Answers to choose from; free text is always possible."),
});

const askUser = defineTool({
	name: "ask_user",
	description:
		"Asks the user a question and waits for the answer. Only for what you cannot find out yourself and cannot reasonably assume: a wish, a decision, a secret you need not see.",
	kind: "interact",
	input,
	access: ({ question }) => ({ title: `Ask: ${question.split("\n", 1)[0]}`, subjects: ["user"], alwaysPatterns: ["*"] }),
	run: async ({ question, choices }, { ask }) => {
		const answer = await ask(question, choices);
		return answer === null
			? { ok: false, output: "Nobody answered. Go on with a careful assumption and say which, or end with what you would need to know." }
			: { ok: true, output: answer };
	},
});

/** `ask_user`. */
export function askTools(): ToolGroup {
	return { tools: [askUser], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
