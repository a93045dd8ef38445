import { type Todo, todoSchema } from "@opta/contracts/schema/daemon-session";
import { z } from "zod";
import { defineTool, type ToolGroup } from "../tool.ts";

const writeInput = z.strictObject({
	todos: z
		.array(todoSchema.extend({ text: z.string().min(1).max(500) }))
		.max(100)
		.describe("The whole list, in order."),
});

function listOf(todos: readonly Todo[]): string {
	const marks = { pending: "[ ]", in_progress: "[>]", done: "[x]" } as const;
	return todos.length === 0 ? "The list is empty." : todos.map(({ state, text }) => `${marks[state]} ${text}`).join("\n");
}

const access = { subjects: ["todos"], alwaysPatterns: ["*"] };

const todoRead = defineTool({
	name: "todo_read",
	description: "Shows the list of things to do in this session.",
	kind: "read",
	input: z.strictObject({}),
	access: () => ({ title: "Read the list of things to do", ...access }),
	run: async (_, { todos }) => ({ ok: true, output: listOf(todos.read()) }),
});

const todoWrite = defineTool({
	name: "todo_write",
	description:
		"Replaces the list of things to do, which the user sees. Use it for tasks of three steps and more; have at most one in progress, and mark each done as soon as it is.",
	kind: "interact",
	input: writeInput,
	access: ({ todos }) => ({
		title: `Plan ${todos.length} things, ${todos.filter((todo) => todo.state === "done").length} of them done`,
		...access,
	}),
	run: async ({ todos }, context) => {
		if (todos.filter((todo) => todo.state === "in_progress").length > 1) {
			return { ok: false, output: "More than one is in progress. Work on one at a time; the list is as it was." };
		}
		await context.todos.write(todos);
		return { ok: true, output: listOf(todos) };
	},
});

/** `todo_read` and `todo_write`. They change nothing but the session's own list, so every mode lets them. */
export function todoTools(): ToolGroup {
	return { tools: [todoRead, todoWrite], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
