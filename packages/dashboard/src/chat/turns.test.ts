import { expect, it } from "vitest";
import { emptyConversation, withQuestion, withRunningAnswer } from "./conversation.ts";
import { turnsOf } from "./turns.ts";

it("groups each question with its answer, and keeps a question that has none", () => {
	const first = withRunningAnswer(withQuestion(emptyConversation, "One?"), "smol");
	const { entries } = withQuestion(withRunningAnswer(withQuestion(first, "Two?"), "smol"), "Three?");
	expect(turnsOf(entries).map(({ question, answer }) => [question.text, answer?.model])).toEqual([
		["One?", "smol"],
		["Two?", "smol"],
		["Three?", undefined],
	]);
});
