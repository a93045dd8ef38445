import { tokenLogprobSchema } from "@opta/contracts/schema/lmx-chat";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ChunkReader } from "./answer-chunk.ts";

function read(choice: Record<string, unknown>, rest: Record<string, unknown> = {}) {
	return new ChunkReader().read(JSON.stringify({ choices: [choice], ...rest }));
}

describe("ChunkReader", () => {
	it("reads what servers name differently", () => {
		expect(read({ delta: { reasoning_content: "a" } })?.choices[0]?.deltas).toEqual([{ reasoning_content: "a" }]);
		expect(read({ delta: { reasoning: "a", content: "b" } })?.choices[0]?.deltas).toEqual([{ reasoning_content: "a" }, { content: "b" }]);
		expect(read({ delta: { role: "assistant", content: "", tool_calls: [] } })?.choices[0]?.deltas).toEqual([]);
		expect(read({ text: "c" })?.choices[0]?.deltas).toEqual([{ content: "c" }]);
		expect(read({ delta: {}, finish_reason: "content_filter" })?.choices[0]?.finishReason).toBe("stop");
	});

	it("reads probabilities of chats and of completions", () => {
		const chat = read({
			delta: { content: "a" },
			logprobs: { content: [{ token: "a", logprob: -1, top_logprobs: [{ token: "b", logprob: -2 }] }] },
		});
		const completion = read({ text: "a", logprobs: { tokens: ["a"], token_logprobs: [-1], top_logprobs: [{ b: -2 }], text_offset: [0] } });
		expect(completion?.choices[0]?.logprobs).toEqual(chat?.choices[0]?.logprobs);
		for (const logprob of chat?.choices[0]?.logprobs ?? []) {
			tokenLogprobSchema.parse(logprob);
		}
	});

	it("says null to whatever is no chunk, and never throws", () => {
		fc.assert(fc.property(fc.string(), (text) => new ChunkReader().read(text) === null || text.trim().startsWith("{")));
		fc.assert(
			fc.property(fc.json(), (text) => {
				new ChunkReader().read(text);
			}),
		);
	});
});
