import { expect, test } from "vitest";
import { openToolHarness } from "../testing/tool-harness.ts";
import { askTools } from "./ask-tools.ts";

test("the answer is what the model gets, and silence is told as such", async () => {
	const harness = await openToolHarness();
	const [ask] = askTools().tools;
	const asked: unknown[] = [];
	const answer = await harness.run(
		ask!,
		{ question: "Which?", choices: ["a", "b"] },
		{
			ask: async (...question) => {
				asked.push(question);
				return "b";
			},
		},
	);
	expect(answer).toEqual({ ok: true, output: "b" });
	expect(asked).toEqual([["Which?", ["a", "b"]]]);
	expect((await harness.run(ask!, { question: "Which?" })).output).toContain("Nobody answered");
	await harness.close();
});
