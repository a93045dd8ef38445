import Anthropic from "@anthropic-ai/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activeRequests, type LmxProcess, startLmxProcess } from "../testing/lmx-process.ts";
import { isWeather, weatherParameters } from "../testing/weather-tool.ts";

let lmx: LmxProcess;
let anthropic: Anthropic;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k");
	anthropic = new Anthropic({ baseURL: lmx.url, apiKey: "none is needed", maxRetries: 0 });
});
afterAll(() => lmx.stop());

const request = { model: "stories260k", max_tokens: 40, messages: [{ role: "user" as const, content: "Once upon a time" }] };
const weather: Anthropic.Tool = { name: "weather", input_schema: { ...weatherParameters, type: "object" } };

describe("the official Anthropic client", () => {
	it("answers, and streams the same", async () => {
		const greedy = { ...request, temperature: 0 };
		const whole = await anthropic.messages.create(greedy);
		const streamed = await anthropic.messages.stream(greedy).finalMessage();
		expect(whole).toMatchObject({ stop_reason: "max_tokens", usage: { output_tokens: 40 } });
		expect(streamed.content).toEqual(whole.content);
		expect(streamed.usage.input_tokens + (streamed.usage.cache_read_input_tokens ?? 0)).toBe(
			whole.usage.input_tokens + (whole.usage.cache_read_input_tokens ?? 0),
		);
	});

	it("counts the tokens that an answer then states", async () => {
		const { max_tokens: _, ...conversation } = request;
		const { input_tokens: counted } = await anthropic.messages.countTokens(conversation);
		const { usage } = await anthropic.messages.create(request);
		expect(usage.input_tokens + (usage.cache_read_input_tokens ?? 0)).toBe(counted);
	});

	it("names the stop sequence that ended an answer", async () => {
		const greedy = { ...request, temperature: 0 };
		const [block] = (await anthropic.messages.create(greedy)).content;
		const text = block?.type === "text" ? block.text : "";
		const stopped = await anthropic.messages.create({ ...greedy, stop_sequences: ["never said", text.slice(10, 15)] });
		expect(stopped).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: text.slice(10, 15) });
	});

	it("goes round with a tool", async () => {
		const tools = { tools: [weather], tool_choice: { type: "any" as const, disable_parallel_tool_use: true } };
		const asked = await anthropic.messages.stream({ ...request, ...tools, max_tokens: 100 }).finalMessage();
		const use = asked.content.find((block) => block.type === "tool_use");
		expect(asked.stop_reason).toBe("tool_use");
		expect(isWeather(use?.input)).toBe(true);
		const result = { type: "tool_result" as const, tool_use_id: use!.id, content: "sunny" };
		const answer = await anthropic.messages.create({
			...request,
			tools: [weather],
			messages: [...request.messages, { role: "assistant", content: asked.content }, { role: "user", content: [result] }],
		});
		expect(answer.content.length).toBeGreaterThan(0);
	});

	it("holds the answer to a schema", async () => {
		const format = { type: "json_schema" as const, schema: weatherParameters };
		const answer = await anthropic.messages.create({ ...request, max_tokens: 100, output_config: { format } });
		const [block] = answer.content;
		expect(isWeather(JSON.parse(block?.type === "text" ? block.text : ""))).toBe(true);
	});

	it("stops the model when a stream is aborted", async () => {
		const stream = anthropic.messages.stream({ ...request, max_tokens: 400 });
		stream.on("text", () => stream.abort());
		await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
		await expect.poll(() => activeRequests(lmx.url)).toBe(0);
	});

	it("raises its own error classes", async () => {
		await expect(anthropic.messages.create({ ...request, model: "other" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
		const tooLong = { ...request, messages: [{ role: "user" as const, content: "long ".repeat(600) }] };
		await expect(anthropic.messages.create(tooLong)).rejects.toBeInstanceOf(Anthropic.BadRequestError);
		await expect(anthropic.messages.create(tooLong)).rejects.toMatchObject({
			error: { type: "error", error: { type: "invalid_request_error", message: expect.stringContaining("512") } },
		});
	});
});
