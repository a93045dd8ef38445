import Anthropic from "@anthropic-ai/sdk";
import { messageEventSchema } from "@opta/contracts/schema/lmx-messages";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeProvider, type FakeStep, saying } from "../../testing/fake-backend.ts";
import { allEvents } from "../../testing/lmx-process.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { messageRoutes } from "./message-routes.ts";

let models: FakeProvider;
let server: RouteServer;
let anthropic: Anthropic;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(messageRoutes(models));
	anthropic = new Anthropic({ baseURL: server.url, apiKey: "none", maxRetries: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
	models.backend.chats.length = 0;
	models.backend.refusal = null;
	models.backend.script = () => saying("Hello", " world");
});

const ask = { model: "fake", max_tokens: 20, messages: [{ role: "user" as const, content: "Hi" }] };
const weather: Anthropic.Tool = {
	name: "weather",
	description: "Weather of a city",
	input_schema: { type: "object", properties: { city: { type: "string" } } },
};
const thinksThenCalls: FakeStep[] = [
	{ delta: { reasoning_content: "Which" } },
	{ delta: { reasoning_content: " city?" } },
	{ delta: { content: "Let me look." } },
	{ delta: { tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } }] } },
	{ delta: { tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] } },
	{ delta: { tool_calls: [{ index: 0, function: { arguments: '"Ghent"}' } }] } },
	{ delta: { tool_calls: [{ index: 1, id: "call_2", type: "function", function: { name: "weather", arguments: "{}" } }] } },
	{ finish: "tool_calls" },
];
const thinksThenCallsContent = [
	{ type: "thinking", thinking: "Which city?", signature: "" },
	{ type: "text", text: "Let me look.", citations: null },
	{ type: "tool_use", id: "call_1", name: "weather", input: { city: "Ghent" } },
	{ type: "tool_use", id: "call_2", name: "weather", input: {} },
];

describe("POST /v1/messages", () => {
	it("answers, and counts what came from the cache apart", async () => {
		const message = await anthropic.messages.create({ ...ask, system: "Be kind.", stop_sequences: ["x"] });
		expect(message).toMatchObject({
			type: "message",
			role: "assistant",
			model: "fake",
			content: [{ type: "text", text: "Hello world" }],
			stop_reason: "end_turn",
			stop_sequence: null,
			usage: { input_tokens: 6, cache_read_input_tokens: 4, output_tokens: 5 },
		});
		expect(models.backend.chats[0]?.request).toEqual({
			max_tokens: 20,
			stop: ["x"],
			messages: [
				{ role: "system", content: "Be kind." },
				{ role: "user", content: "Hi" },
			],
		});
		expect(models.held).toBe(0);
	});

	it("sends the events of the reference in their order", async () => {
		models.backend.script = () => thinksThenCalls;
		const response = await server.ask("/v1/messages", { ...ask, tools: [weather], stream: true });
		const events = (await allEvents(response)).map((event) => messageEventSchema.parse(JSON.parse(event)));
		const shown = events.map((event) => {
			const part =
				event.type === "content_block_start" ? event.content_block.type : event.type === "content_block_delta" ? event.delta.type : "";
			return `${event.type.replace("content_block_", "")} ${part}`.trim();
		});
		expect(shown).toEqual([
			"message_start",
			"ping",
			"start thinking",
			"delta thinking_delta",
			"delta thinking_delta",
			"delta signature_delta",
			"stop",
			"start text",
			"delta text_delta",
			"stop",
			"start tool_use",
			"delta input_json_delta",
			"delta input_json_delta",
			"stop",
			"start tool_use",
			"delta input_json_delta",
			"stop",
			"message_delta",
			"message_stop",
		]);
		expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" }, usage: { input_tokens: 6, output_tokens: 5 } });
	});

	it("is put together by the client library while it streams, just as when it comes whole", async () => {
		models.backend.script = () => thinksThenCalls;
		const streamed = await anthropic.messages.stream({ ...ask, tools: [weather] }).finalMessage();
		const whole = await anthropic.messages.create({ ...ask, tools: [weather] });
		expect(streamed.content).toEqual(thinksThenCallsContent);
		expect(whole.content).toEqual(thinksThenCallsContent);
		expect(whole.stop_reason).toBe("tool_use");
	});

	it("takes thoughts, calls and their results back, in their order", async () => {
		await anthropic.messages.create({
			...ask,
			system: [
				{ type: "text", text: "Be kind.", cache_control: { type: "ephemeral" } },
				{ type: "text", text: "Be short." },
			],
			messages: [
				{ role: "user", content: [{ type: "text", text: "Weather?" }] },
				{ role: "assistant", content: thinksThenCallsContent as Anthropic.ContentBlockParam[] },
				{
					role: "user",
					content: [
						{ type: "tool_result", tool_use_id: "call_1", content: "sun" },
						{ type: "tool_result", tool_use_id: "call_2", content: [{ type: "text", text: "no such city" }], is_error: true },
						{ type: "text", text: "And now?" },
					],
				},
			],
		});
		expect(models.backend.chats[0]?.request.messages).toEqual([
			{ role: "system", content: "Be kind.\nBe short." },
			{ role: "user", content: "Weather?" },
			{
				role: "assistant",
				content: "Let me look.",
				reasoning_content: "Which city?",
				tool_calls: [
					{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Ghent"}' } },
					{ id: "call_2", type: "function", function: { name: "weather", arguments: "{}" } },
				],
			},
			{ role: "tool", tool_call_id: "call_1", content: "sun" },
			{ role: "tool", tool_call_id: "call_2", content: "Error: no such city" },
			{ role: "user", content: "And now?" },
		]);
	});

	it.each([
		[{ type: "auto" }, { tool_choice: "auto" }],
		[
			{ type: "any", disable_parallel_tool_use: true },
			{ tool_choice: "required", parallel_tool_calls: false },
		],
		[{ type: "none" }, { tool_choice: "none" }],
		[{ type: "tool", name: "weather" }, { tool_choice: { type: "function", function: { name: "weather" } } }],
	])("passes the tool choice %j on", async (choice, expected) => {
		await anthropic.messages.create({ ...ask, tools: [weather], tool_choice: choice as Anthropic.ToolChoice });
		expect(models.backend.chats[0]?.request).toMatchObject({
			...expected,
			tools: [{ type: "function", function: { name: "weather", parameters: weather.input_schema } }],
		});
	});

	it("bounds or switches off the thoughts, and asks for a form", async () => {
		const schema = { type: "object", properties: {} };
		await anthropic.messages.create({ ...ask, thinking: { type: "enabled", budget_tokens: 1024 } });
		await anthropic.messages.create({ ...ask, thinking: { type: "disabled" }, output_config: { format: { type: "json_schema", schema } } });
		const [bounded, off] = models.backend.chats.map(({ request }) => request);
		expect(bounded?.reasoning_budget_tokens).toBe(1024);
		expect(off).toMatchObject({ reasoning_effort: "none", response_format: { json_schema: { schema, strict: true } } });
	});

	it("says which stop sequence or limit ended it", async () => {
		models.backend.script = () => [{ delta: { content: "a" } }, { finish: "stop", stopSequence: "END" }];
		expect(await anthropic.messages.create(ask)).toMatchObject({ stop_reason: "stop_sequence", stop_sequence: "END" });
		models.backend.script = () => [{ delta: { content: "a" } }, { finish: "length" }];
		expect(await anthropic.messages.create(ask)).toMatchObject({ stop_reason: "max_tokens" });
	});

	it("raises the client library's own errors, in the shape of that API", async () => {
		await expect(anthropic.messages.create({ ...ask, model: "other" })).rejects.toBeInstanceOf(Anthropic.NotFoundError);
		models.backend.refusal = { code: "queue_full", message: "Too many wait." };
		await expect(anthropic.messages.create(ask)).rejects.toBeInstanceOf(Anthropic.RateLimitError);
		const response = await server.ask("/v1/messages", { ...ask, max_tokens: 0 });
		expect(response.status).toBe(400);
		expect(await response.json()).toEqual({
			type: "error",
			error: { type: "invalid_request_error", message: expect.stringContaining('"max_tokens"') },
			request_id: expect.any(String),
		});
	});

	it("ends a stream with the error that broke it", async () => {
		models.backend.script = () => [{ delta: { content: "Hel" } }, { error: { code: "model_crashed", message: "It crashed." } }];
		const events = await allEvents(await server.ask("/v1/messages", { ...ask, stream: true }));
		expect(JSON.parse(events.at(-1)!)).toMatchObject({ type: "error", error: { type: "api_error", message: "It crashed." } });
	});

	it("stops the model when the client leaves", async () => {
		models.backend.script = () => [{ delta: { content: "a" } }, "hold"];
		const stream = anthropic.messages.stream(ask);
		stream.on("text", () => stream.abort());
		await expect(stream.done()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
		await expect.poll(() => [models.held, models.backend.running]).toEqual([0, 0]);
	});

	it.each([
		[{ messages: [{ role: "user", content: [{ type: "image", source: {} }] }] }, "vision"],
		[{ messages: [{ role: "assistant", content: [{ type: "tool_result", tool_use_id: "a" }] }] }, "does not belong"],
		[{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, "no tools of its own"],
		[{ container: "c" }, '"container"'],
		[{ shout: true }, '"shout"'],
	])("refuses %j with its reason", async (change, reason) => {
		const response = await server.ask("/v1/messages", { ...ask, ...change });
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining(reason) } });
	});
});

describe("POST /v1/messages/count_tokens", () => {
	it("counts the prompt that would be read", async () => {
		const { max_tokens: _, ...conversation } = ask;
		const one = await anthropic.messages.countTokens(conversation);
		const more = await anthropic.messages.countTokens({ ...conversation, system: "Be kind.", tools: [weather] });
		expect(more.input_tokens).toBeGreaterThan(one.input_tokens);
	});
});
