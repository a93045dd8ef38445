import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";
import { isWeather, weatherParameters } from "../testing/weather-tool.ts";

let lmx: LmxProcess;
let openai: OpenAI;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	openai = new OpenAI({ baseURL: `${lmx.url}/v1`, apiKey: "none is needed", maxRetries: 0 });
});
afterAll(() => lmx.stop());

const model = "stories260k";
const request = { model, messages: [{ role: "user" as const, content: "Once upon a time" }], max_tokens: 40 };
const weather = { type: "function" as const, function: { name: "weather", parameters: weatherParameters, strict: true } };
const weatherFormat = { type: "json_schema" as const, name: "weather", schema: weatherParameters, strict: true };

describe("chat completions of the official OpenAI client for Node", () => {
	it("lists models and chats", async () => {
		const models = await openai.models.list();
		expect(models.data.map(({ id }) => id)).toContain(model);
		expect(await openai.models.retrieve(model)).toMatchObject({ id: model, object: "model" });
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

	it("goes round with a tool", async () => {
		const tools = { tools: [weather], tool_choice: "required" as const, parallel_tool_calls: false };
		const asked = await openai.chat.completions.create({ ...request, max_tokens: 100, ...tools });
		const message = asked.choices[0]!.message;
		const [call] = message.tool_calls ?? [];
		expect(asked.choices[0]?.finish_reason).toBe("tool_calls");
		expect(call?.type === "function" && isWeather(JSON.parse(call.function.arguments))).toBe(true);
		const result = { role: "tool" as const, tool_call_id: call!.id, content: "sunny" };
		const answer = await openai.chat.completions.create({ ...request, messages: [...request.messages, message, result], tools: [weather] });
		expect(answer.choices[0]?.finish_reason).toMatch(/stop|length|tool_calls/);
	});

	it("streams a call of a tool piece by piece", async () => {
		const choice = { type: "function" as const, function: { name: "weather" } };
		const stream = openai.chat.completions.stream({ ...request, max_tokens: 100, tools: [weather], tool_choice: choice });
		const final = await stream.finalChatCompletion();
		const [call] = final.choices[0]?.message.tool_calls ?? [];
		expect(call?.type === "function" && isWeather(JSON.parse(call.function.arguments))).toBe(true);
	});

	it("holds the answer to a schema", async () => {
		const { type, ...json_schema } = weatherFormat;
		const answer = await openai.chat.completions.create({ ...request, max_tokens: 100, response_format: { type, json_schema } });
		expect(isWeather(JSON.parse(answer.choices[0]?.message.content ?? ""))).toBe(true);
	});

	it("stops the model when a stream is aborted", async () => {
		const stream = await openai.chat.completions.create({ ...request, max_tokens: 400, stream: true });
		let chunks = 0;
		for await (const _ of stream) {
			chunks++;
			stream.controller.abort();
		}
		expect(chunks).toBeGreaterThan(0);
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
	});

	it("raises its own error classes", async () => {
		await expect(openai.chat.completions.create({ ...request, model: "other" })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
		await expect(openai.models.retrieve("other")).rejects.toBeInstanceOf(OpenAI.NotFoundError);
		const tooLong = { ...request, messages: [{ role: "user" as const, content: "long ".repeat(600) }] };
		await expect(openai.chat.completions.create(tooLong)).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
		await expect(openai.chat.completions.create({ ...request, temperature: -1 })).rejects.toMatchObject({ param: "temperature" });
		await expect(openai.chat.completions.create({ ...request, temperature: -1 })).rejects.toBeInstanceOf(OpenAI.BadRequestError);
	});
});

describe("the other resources of the official OpenAI client for Node", () => {
	it("complete texts", async () => {
		const answer = await openai.completions.create({ model, prompt: ["Once upon", "The dog"], max_tokens: 8, echo: true, temperature: 0 });
		expect(answer.choices.map(({ text }) => text)).toEqual([expect.stringMatching(/^Once upon./), expect.stringMatching(/^The dog./)]);
	});

	it("make embeddings", async () => {
		const [first, second, short] = await Promise.all([
			openai.embeddings.create({ model, input: ["A dog", "A cat"] }),
			openai.embeddings.create({ model, input: ["A dog", "A cat"], encoding_format: "float" }),
			openai.embeddings.create({ model, input: "A dog", dimensions: 8 }),
		]);
		expect(first.data.map(({ embedding }) => embedding.length)).toEqual([64, 64]);
		for (const [index, value] of first.data[1]!.embedding.entries()) {
			expect(value).toBeCloseTo(second.data[1]!.embedding[index]!, 5);
		}
		expect(Math.hypot(...short.data[0]!.embedding)).toBeCloseTo(1, 5);
		await expect(openai.embeddings.create({ model, input: "A dog", dimensions: 65 })).rejects.toMatchObject({ param: "dimensions" });
	});

	it("answer by responses, go on from them, and stream", async () => {
		const first = await openai.responses.create({ model, input: "Once upon a time", max_output_tokens: 20 });
		expect(first).toMatchObject({ status: "incomplete", usage: { output_tokens: 20 } });
		const stream = openai.responses.stream({ model, input: "And then?", previous_response_id: first.id, max_output_tokens: 20 });
		const second = await stream.finalResponse();
		expect(second.output_text).toBeTruthy();
		expect(second.usage!.input_tokens).toBeGreaterThan(first.usage!.input_tokens + 20);
		const missing = openai.responses.create({ model, input: "And then?", previous_response_id: "resp_0" });
		await expect(missing).rejects.toBeInstanceOf(OpenAI.NotFoundError);
	});

	it("call tools and keep to a schema in responses", async () => {
		const { type, function: definition } = weather;
		const called = await openai.responses.create({
			model,
			input: "Weather?",
			tools: [{ type, ...definition }],
			tool_choice: "required",
			parallel_tool_calls: false,
			max_output_tokens: 100,
		});
		const [call] = called.output.filter((item) => item.type === "function_call");
		expect(isWeather(JSON.parse(call?.arguments ?? ""))).toBe(true);
		const formed = await openai.responses.create({ model, input: "Weather?", text: { format: weatherFormat }, max_output_tokens: 100 });
		expect(isWeather(JSON.parse(formed.output_text))).toBe(true);
	});
});
