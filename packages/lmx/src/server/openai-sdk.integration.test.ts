import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";

let lmx: LmxProcess;
let openai: OpenAI;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	openai = new OpenAI({ baseURL: `${lmx.url}/v1`, apiKey: "none is needed", maxRetries: 0 });
});
afterAll(() => lmx.stop());

const request = { model: "stories260k", messages: [{ role: "user" as const, content: "Once upon a time" }], max_tokens: 40 };

describe("the official OpenAI client", () => {
	it("lists models and chats", async () => {
		const models = await openai.models.list();
		expect(models.data.map((model) => model.id)).toContain("stories260k");
		const answer = await openai.chat.completions.create(request);
		expect(answer.choices[0]?.message.content).toBeTruthy();
		expect(answer.usage?.completion_tokens).toBe(40);
	});

	it("streams, and its own helper puts the answer together", async () => {
		const stream = openai.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
		let text = "";
		stream.on("content", (delta) => {
			text += delta;
		});
		const final = await stream.finalChatCompletion();
		expect(final.choices[0]?.message.content).toBe(text);
		expect(final.choices[0]?.finish_reason).toBe("length");
		expect(final.usage?.total_tokens).toBeGreaterThan(40);
	});

	it("can abort a stream", async () => {
		const stream = await openai.chat.completions.create({ ...request, stream: true });
		let chunks = 0;
		for await (const _ of stream) {
			chunks++;
			stream.controller.abort();
		}
		expect(chunks).toBeGreaterThan(0);
	});

	it("raises its own error classes", async () => {
		await expect(openai.chat.completions.create({ ...request, model: "other" })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
		const tooLong = { ...request, messages: [{ role: "user" as const, content: "long ".repeat(600) }] };
		await expect(openai.chat.completions.create(tooLong)).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
		await expect(openai.chat.completions.create({ ...request, temperature: -1 })).rejects.toMatchObject({ param: "temperature" });
	});
});
