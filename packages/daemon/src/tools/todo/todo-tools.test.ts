import { afterEach, beforeEach, expect, test } from "vitest";
import { openToolHarness, type ToolHarness } from "../testing/tool-harness.ts";
import { todoTools } from "./todo-tools.ts";

let harness: ToolHarness;
const [read, write] = todoTools().tools;

beforeEach(async () => {
	harness = await openToolHarness();
});
afterEach(() => harness.close());

test("what is written is what is read", async () => {
	expect((await harness.run(read!, {})).output).toBe("The list is empty.");
	const todos = [
		{ text: "Look", state: "done" },
		{ text: "Change", state: "in_progress" },
		{ text: "Test", state: "pending" },
	];
	await harness.run(write!, { todos });
	expect((await harness.run(read!, {})).output).toBe("[x] Look\n[>] Change\n[ ] Test");
	expect((await harness.access(write!, { todos })).title).toBe("Plan 3 things, 1 of them done");
});

test("two things in progress are refused and the list stays", async () => {
	const both = ["a", "b"].map((text) => ({ text, state: "in_progress" }));
	expect((await harness.run(write!, { todos: both })).ok).toBe(false);
	expect((await harness.run(read!, {})).output).toBe("The list is empty.");
});
