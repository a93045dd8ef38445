import { responseEventSchema } from "@opta/contracts/schema/lmx-responses";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeProvider, type FakeStep, saying } from "../../testing/fake-backend.ts";
import { allEvents } from "../../testing/lmx-process.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { responseRoutes } from "./response-routes.ts";
import { ResponseStore } from "./response-store.ts";

let models: FakeProvider;
let server: RouteServer;
let openai: OpenAI;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(responseRoutes({ models, store: new ResponseStore(() => ({ count: 100, ageMs: 60_000 })) }));
	openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
	models.backend.chats.length = 0;
	models.backend.refusal = null;
	models.defaults = { systemPrompt: null, parameters: {} };
	models.backend.script = () => saying("Hello", " world");
});

const weather = {
	type: "function" as const,
	name: "weather",
	description: "Weather of a city",
	parameters: { type: "object", properties: { city: { type: "string" } } },
	strict: true,
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

async function events(body: object): Promise<{ type: string; sequence_number: number }[]> {
	const response = await server.ask("/v1/responses", { model: "fake", input: "Hi", stream: true, ...body });
	return (await allEvents(response)).map((event) => JSON.parse(event));
}

describe("POST /v1/responses", () => {
	it("answers a text", async () => {
		const response = await openai.responses.create({ model: "fake", input: "Hi", instructions: "Be kind.", max_output_tokens: 20 });
		expect(response.output_text).toBe("Hello world");
		expect(response).toMatchObject({ object: "response", status: "completed", model: "fake", instructions: "Be kind.", error: null });
		expect(response.usage).toMatchObject({
			input_tokens: 10,
			output_tokens: 5,
			total_tokens: 15,
			input_tokens_details: { cached_tokens: 4 },
		});
		expect(models.backend.chats[0]?.request).toMatchObject({
			max_completion_tokens: 20,
			messages: [
				{ role: "system", content: "Be kind." },
				{ role: "user", content: "Hi" },
			],
		});
		expect(models.held).toBe(0);
	});

	it("sends the events of the reference in their order, numbered without a gap", async () => {
		models.backend.script = () => thinksThenCalls;
		const all = await events({ tools: [weather] });
		expect(all.map(({ type }) => type.replace("response.", ""))).toEqual([
			"created",
			"in_progress",
			"output_item.added",
			"content_part.added",
			"reasoning_text.delta",
			"reasoning_text.delta",
			"reasoning_text.done",
			"content_part.done",
			"output_item.done",
			"output_item.added",
			"content_part.added",
			"output_text.delta",
			"output_text.done",
			"content_part.done",
			"output_item.done",
			"output_item.added",
			"function_call_arguments.delta",
			"function_call_arguments.delta",
			"function_call_arguments.done",
			"output_item.done",
			"output_item.added",
			"function_call_arguments.delta",
			"function_call_arguments.done",
			"output_item.done",
			"completed",
		]);
		expect(all.map((event) => event.sequence_number)).toEqual(all.map((_, index) => index));
		for (const { sequence_number: _, ...event } of all) {
			expect(responseEventSchema.parse(event)).toEqual(event);
		}
		expect(all.at(-1)).toMatchObject({
			response: {
				output: [
					{ type: "reasoning", content: [{ text: "Which city?" }] },
					{ type: "message", content: [{ text: "Let me look." }] },
					{ type: "function_call", call_id: "call_1", name: "weather", arguments: '{"city":"Ghent"}', status: "completed" },
					{ type: "function_call", call_id: "call_2", arguments: "{}" },
				],
			},
		});
	});

	it("is put together by the client library while it streams", async () => {
		const stream = openai.responses.stream({ model: "fake", input: "Hi" });
		let text = "";
		stream.on("response.output_text.delta", ({ delta }) => {
			text += delta;
		});
		expect((await stream.finalResponse()).output_text).toBe("Hello world");
		expect(text).toBe("Hello world");
	});

	it("goes on from a kept response, with its own instructions only", async () => {
		models.backend.script = () => thinksThenCalls;
		const first = await openai.responses.create({ model: "fake", input: "Weather?", instructions: "Old.", tools: [weather] });
		models.backend.script = () => saying("Sunny.");
		const output = { type: "function_call_output" as const, call_id: "call_1", output: "sun" };
		const second = await openai.responses.create({
			model: "fake",
			previous_response_id: first.id,
			input: [output, { ...output, call_id: "call_2", output: [{ type: "input_text", text: "rain" }] }],
		});
		expect(second.output_text).toBe("Sunny.");
		expect(models.backend.chats[1]?.request.messages).toEqual([
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
			{ role: "tool", tool_call_id: "call_2", content: "rain" },
		]);
		expect((await openai.responses.retrieve(second.id)).previous_response_id).toBe(first.id);
	});

	it("takes a whole conversation of items, also its own output sent back", async () => {
		models.backend.script = () => thinksThenCalls;
		const first = await openai.responses.create({ model: "fake", input: "Weather?", tools: [weather], store: false });
		const output = first.output.filter(({ type }) => type !== "reasoning") as OpenAI.Responses.ResponseInput;
		await openai.responses.create({ model: "fake", input: [{ role: "user", content: "Weather?" }, ...output] });
		await openai.responses.create({
			model: "fake",
			input: [{ role: "user", content: "Weather?" }, ...first.output] as OpenAI.Responses.ResponseInput,
		});
		const [plain, thoughtful] = models.backend.chats.slice(1).map(({ request }) => request.messages[1]);
		expect(plain).toMatchObject({ role: "assistant", content: "Let me look.", tool_calls: [{ id: "call_1" }, { id: "call_2" }] });
		expect(thoughtful).toEqual({ ...plain, reasoning_content: "Which city?" });
	});

	it("shows the calls that LMX made itself, and the model remembers them", async () => {
		const called = { id: "call_1", server_label: "maths", name: "add", arguments: '{"a":2}' };
		models.backend.script = () => [
			{ delta: { content: "Let me see." } },
			{ delta: { mcp_calls: [{ ...called, status: "in_progress", output: null }] } },
			{ delta: { mcp_calls: [{ ...called, status: "completed", output: "5" }] } },
			{ delta: { content: "It is 5." } },
			{ finish: "stop" },
		];
		const all = await events({ tools: [{ type: "mcp", server_label: "maths", require_approval: "never" }] });
		expect(all.map(({ type }) => type).filter((type) => type.includes("mcp"))).toEqual([
			"response.mcp_call.in_progress",
			"response.mcp_call_arguments.delta",
			"response.mcp_call_arguments.done",
			"response.mcp_call.completed",
		]);
		const { response } = all.at(-1) as unknown as { response: OpenAI.Responses.Response };
		expect(response.output).toMatchObject([
			{ type: "message" },
			{ type: "mcp_call", id: expect.stringMatching(/^mcp_/), server_label: "maths", name: "add", output: "5", status: "completed" },
			{ type: "message", content: [{ text: "It is 5." }] },
		]);
		await openai.responses.create({ model: "fake", input: "Thanks", previous_response_id: response.id });
		const id = response.output[1]?.id;
		expect(models.backend.chats[1]?.request.messages.slice(1, 4)).toEqual([
			{
				role: "assistant",
				content: "Let me see.",
				tool_calls: [{ id, type: "function", function: { name: "add", arguments: '{"a":2}' } }],
			},
			{ role: "tool", tool_call_id: id, content: "5" },
			{ role: "assistant", content: "It is 5." },
		]);
	});

	it("keeps nothing when asked so, and forgets when told", async () => {
		const secret = await openai.responses.create({ model: "fake", input: "Hi", store: false });
		await expect(openai.responses.retrieve(secret.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
		const kept = await openai.responses.create({ model: "fake", input: "Hi" });
		await openai.responses.delete(kept.id);
		const gone = openai.responses.create({ model: "fake", input: "Go on", previous_response_id: kept.id });
		await expect(gone).rejects.toMatchObject({ status: 404, code: "not_found", param: "previous_response_id" });
	});

	it("passes tools, form and thinking on to the model", async () => {
		const schema = { type: "object", properties: {} };
		await openai.responses.create({
			model: "fake",
			input: "Hi",
			tools: [weather],
			tool_choice: { type: "function", name: "weather" },
			parallel_tool_calls: false,
			text: { format: { type: "json_schema", name: "form", schema, strict: true } },
			reasoning: { effort: "low" },
			include: ["message.output_text.logprobs"],
			top_logprobs: 3,
		});
		const { type, ...definition } = weather;
		expect(models.backend.chats[0]?.request).toMatchObject({
			tools: [{ type, function: definition }],
			tool_choice: { type: "function", function: { name: "weather" } },
			parallel_tool_calls: false,
			response_format: { type: "json_schema", json_schema: { name: "form", schema, strict: true } },
			reasoning_effort: "low",
			logprobs: true,
			top_logprobs: 3,
		});
	});

	it("is incomplete at the token limit", async () => {
		models.backend.script = () => [{ delta: { content: "Hel" } }, { finish: "length" }];
		const response = await openai.responses.create({ model: "fake", input: "Hi" });
		expect(response).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
		expect(response.output[0]).toMatchObject({ status: "incomplete" });
		expect((await events({})).at(-1)?.type).toBe("response.incomplete");
	});

	it("fails in the stream after its start, and with a status before", async () => {
		const error = { code: "model_crashed" as const, message: "The model has crashed." };
		models.backend.script = () => [{ delta: { content: "Hel" } }, { error }];
		const last = (await events({})).at(-1);
		expect(last).toMatchObject({ type: "response.failed", response: { status: "failed", error, output: [{ status: "incomplete" }] } });
		models.backend.refusal = { code: "queue_full", message: "Too many wait." };
		expect((await server.ask("/v1/responses", { input: "Hi", stream: true })).status).toBe(429);
	});

	it("stops the model when the client leaves", async () => {
		models.backend.script = () => [{ delta: { content: "a" } }, "hold"];
		const stream = await openai.responses.create({ model: "fake", input: "Hi", stream: true });
		for await (const event of stream) {
			if (event.type === "response.output_text.delta") {
				stream.controller.abort();
			}
		}
		await expect.poll(() => [models.held, models.backend.running]).toEqual([0, 0]);
	});

	it("counts the tokens of what it would be asked", async () => {
		const counted = await openai.responses.inputTokens.count({ model: "fake", input: "Hi", instructions: "Be kind." });
		expect(counted).toMatchObject({ object: "response.input_tokens" });
		expect(counted.input_tokens).toBeGreaterThan(50);
	});

	it.each([
		[{ background: true }, "background"],
		[{ truncation: "auto" }, "truncation"],
		[{ conversation: "conv_1" }, "conversation"],
		[{ prompt: { id: "p" } }, "prompt"],
		[{ tools: [{ type: "web_search" }] }, "tools.0.type"],
		[{ input: [{ role: "user", content: [{ type: "input_image", image_url: "https://x" }] }] }, "input"],
		[{ shout: true }, "shout"],
	])("refuses %j by name", async (change, param) => {
		const response = await server.ask("/v1/responses", { model: "fake", input: "Hi", ...change });
		expect(response.status).toBe(400);
		expect(await response.json()).toMatchObject({ error: { param } });
	});
});
