import { describe, expect, it } from "vitest";
import { emptyConversation, requestMessages, withLastAnswer, withoutLastAnswer, withQuestion, withRunningAnswer } from "./conversation.ts";

const asked = withQuestion(emptyConversation, "Why is the sky blue?");
const answered = withLastAnswer(withRunningAnswer(asked, "smol"), { text: "Because of scattering.", state: "done" });

describe("a conversation", () => {
	it("becomes the messages of a request, without a system message unless the reader wrote one", () => {
		const messages = [
			{ role: "user", content: "Why is the sky blue?" },
			{ role: "assistant", content: "Because of scattering." },
		];
		expect(requestMessages(answered)).toEqual(messages);
		expect(requestMessages({ ...answered, systemPrompt: "Be brief." })).toEqual([{ role: "system", content: "Be brief." }, ...messages]);
	});

	it("sends an empty system prompt too: it switches the model's default off", () => {
		expect(requestMessages({ ...asked, systemPrompt: "" })[0]).toEqual({ role: "system", content: "" });
	});

	it("leaves out an answer that failed before its first word", () => {
		const failed = withLastAnswer(withRunningAnswer(asked, "smol"), { state: "failed" });
		expect(requestMessages(withQuestion(failed, "And at night?"))).toEqual([
			{ role: "user", content: "Why is the sky blue?" },
			{ role: "user", content: "And at night?" },
		]);
	});

	it("answers again from the last question, which is never lost", () => {
		expect(withoutLastAnswer(answered)).toEqual(asked);
		expect(withoutLastAnswer(asked)).toEqual(asked);
	});

	it("gives every entry an id of its own, also after an answer was replaced", () => {
		const again = withQuestion(withRunningAnswer(withoutLastAnswer(answered), "smol"), "More?");
		expect(new Set(again.entries.map(({ id }) => id)).size).toBe(again.entries.length);
	});
});
