import { chatChunkSchema } from "@opta/contracts/schema/lmx-chat";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createChunkWriter } from "./chat-reply.ts";

const head = { id: "chatcmpl-1", created: 1, model: 'a "model"\u0000' };
const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, prompt_tokens_details: { cached_tokens: 0 } };

function parse(event: string) {
	expect(event.startsWith("data: ") && event.endsWith("\n\n")).toBe(true);
	return chatChunkSchema.parse(JSON.parse(event.slice("data: ".length)));
}

describe("the chunks of an answer", () => {
	it("carry any text as it is, in one event", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 2 }), fc.boolean(), (content, choice, include_usage) => {
				const chunks = createChunkWriter(head, 3, { include_usage });
				const event = chunks.delta(choice, { content }, null);
				expect(event.indexOf("\n\n")).toBe(event.length - 2);
				expect(parse(event)).toEqual({
					id: "chatcmpl-1",
					object: "chat.completion.chunk",
					created: 1,
					model: head.model,
					choices: [{ index: choice, delta: { content }, logprobs: null, finish_reason: null }],
					...(include_usage ? { usage: null } : {}),
				});
			}),
		);
	});

	it("end each choice once, the last with the times, then the counts that were asked for", () => {
		const chunks = createChunkWriter(head, 2, { include_usage: true });
		expect(parse(chunks.finish(1, "length")).choices).toMatchObject([{ index: 1, finish_reason: "length" }]);
		expect(chunks.finish(0, "stop")).toBe("");
		const timings = { prompt_n: 1, prompt_ms: 1, prompt_per_second: 1, predicted_n: 2, predicted_ms: 2, predicted_per_second: 2 };
		const [last = "", counts = "", done] = chunks.end(usage, timings).split(/(?<=\n\n)/);
		expect(parse(last)).toMatchObject({ choices: [{ index: 0, finish_reason: "stop" }], timings, usage: null });
		expect(parse(counts)).toMatchObject({ choices: [], usage });
		expect(done).toBe("data: [DONE]\n\n");
	});
});
