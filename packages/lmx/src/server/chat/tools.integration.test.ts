import { type ChatCompletion, chatChunkSchema, chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, startLmxProcess } from "../../testing/lmx-process.ts";

let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "smollm2-135m-instruct");
});
afterAll(() => lmx.stop());

const weather = {
	type: "function",
	function: {
		name: "get_weather",
		description: "Tells the weather of a city.",
		parameters: {
			type: "object",
			properties: {
				city: { type: "string", maxLength: 20 },
				unit: { enum: ["celsius", "fahrenheit"] },
				days: { type: "integer", minimum: 1, maximum: 7 },
			},
			required: ["city", "days"],
		},
		strict: true,
	},
};
const clock = {
	type: "function",
	function: { name: "get_time", parameters: { type: "object", properties: {}, additionalProperties: false } },
};
const question = { role: "user", content: "What is the weather in Paris?" };

async function whole(body: object): Promise<ChatCompletion["choices"][number]> {
	const response = await postChat(lmx.url, body);
	const answer = await response.json();
	expect(response.status, JSON.stringify(answer)).toBe(200);
	return chatCompletionSchema.parse(answer).choices[0]!;
}

async function errorOf(body: object): Promise<object> {
	const response = await postChat(lmx.url, body);
	expect(response.status).toBe(400);
	return ((await response.json()) as { error: object }).error;
}

function expectWeather(call: { function: { name: string; arguments: string } } | undefined): void {
	expect(call?.function.name).toBe("get_weather");
	const values = JSON.parse(call?.function.arguments ?? "");
	expect(values.city).toBeTypeOf("string");
	expect([1, 2, 3, 4, 5, 6, 7]).toContain(values.days);
}

describe("tools", () => {
	it("are called when they must be, and the answer goes on with the result", async () => {
		const body = { messages: [question], tools: [weather, clock], tool_choice: { type: "function", function: { name: "get_weather" } } };
		const { message, finish_reason } = await whole(body);
		expect(finish_reason).toBe("tool_calls");
		expect(message.content).toBeNull();
		expect(message.tool_calls).toHaveLength(1);
		expect(message.tool_calls?.[0]?.id).toMatch(/^call_\w{24}$/);
		expectWeather(message.tool_calls?.[0]);
		const result = { role: "tool", tool_call_id: message.tool_calls?.[0]?.id, content: "sunny, 21 degrees" };
		const last = await whole({ messages: [question, message, result], tools: [weather], tool_choice: "none", max_tokens: 40 });
		expect(last.message.content?.length).toBeGreaterThan(0);
		expect(last.message.tool_calls).toBeUndefined();
	});

	it("may be any of them when one is required", async () => {
		const { message, finish_reason } = await whole({
			messages: [question],
			tools: [weather, clock],
			tool_choice: "required",
			parallel_tool_calls: false,
		});
		expect(finish_reason).toBe("tool_calls");
		expect(message.tool_calls).toHaveLength(1);
		expect(["get_weather", "get_time"]).toContain(message.tool_calls?.[0]?.function.name);
	});

	it("are streamed name first, then their arguments in pieces", async () => {
		const body = { messages: [question], tools: [weather], tool_choice: "required", parallel_tool_calls: false, stream: true };
		const events = await allEvents(await postChat(lmx.url, body));
		expect(events.pop()).toBe("[DONE]");
		const choices = events.flatMap((event) => chatChunkSchema.parse(JSON.parse(event)).choices);
		const pieces = choices.flatMap(({ delta }) => delta.tool_calls ?? []);
		expect(pieces[0]).toMatchObject({ index: 0, id: expect.stringMatching(/^call_/), type: "function", function: { name: "get_weather" } });
		expect(pieces.length).toBeGreaterThan(2);
		expect(pieces.slice(1).every(({ id, function: called }) => id === undefined && called.name === undefined)).toBe(true);
		expectWeather({ function: { name: "get_weather", arguments: pieces.map((piece) => piece.function.arguments ?? "").join("") } });
		expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe("");
		expect(choices.at(-1)?.finish_reason).toBe("tool_calls");
	});

	it("that the model calls by itself are held to their schema from where the call begins", async () => {
		const turns = ["Rome", "Oslo", "Cairo", "Lima"].flatMap((city) => [
			{ role: "user", content: `The weather in ${city}?` },
			{ role: "assistant", content: `{"name": "get_weather", "arguments": {"city": "${city}"}}` },
		]);
		const messages = [...turns, { role: "user", content: "The weather in Paris?" }];
		const { message, finish_reason } = await whole({ messages, tools: [weather], temperature: 0, max_tokens: 120 });
		expect(finish_reason).toBe("tool_calls");
		// The turns before show the model calls without the days, which the schema requires.
		expectWeather(message.tool_calls?.[0]);
		const free = await whole({ messages, temperature: 0, max_tokens: 60 });
		expect(free.message.content).not.toContain("days");
	});

	it("stay text when no tool may be called", async () => {
		const { message } = await whole({ messages: [question], tools: [weather], tool_choice: "none", max_tokens: 20 });
		expect(message.tool_calls).toBeUndefined();
	});

	it.each([
		[{ tool_choice: "required" }, { code: "invalid_request", param: "tool_choice" }],
		[{ tools: [weather, weather] }, { code: "invalid_request", param: "tools.1.function.name" }],
		[
			{ tools: [clock], tool_choice: { type: "function", function: { name: "other" } } },
			{ code: "invalid_request", param: "tool_choice" },
		],
		[
			{ tools: [clock], grammar: 'root ::= "a"' },
			{ code: "invalid_request", param: "grammar" },
		],
		[
			{ tools: [{ type: "function", function: { name: "f", strict: true, parameters: { properties: { a: { not: {} } } } } }] },
			{ code: "unsupported_parameter", param: "tools.0.function.parameters", details: { pointer: "/properties/a", keyword: "not" } },
		],
	])("that cannot be are refused: %j", async (body, expected) => {
		expect(await errorOf({ messages: [question], ...body })).toMatchObject(expected);
	});
});

describe("a form that the answer must have", () => {
	const city = {
		type: "object",
		properties: {
			name: { type: "string", minLength: 1, maxLength: 30 },
			country: { type: "string", pattern: "^[A-Z]{2}$" },
			population: { type: "integer", minimum: 1, maximum: 50_000_000 },
			founded: { type: "string", format: "date" },
			tags: { type: "array", items: { type: "string", maxLength: 12 }, minItems: 1, maxItems: 3 },
		},
		required: ["name", "country", "population", "founded", "tags"],
		additionalProperties: false,
	};
	const messages = [{ role: "user", content: "Describe Paris as JSON." }];

	it("is a JSON schema, whatever is drawn", async () => {
		const response_format = { type: "json_schema", json_schema: { name: "city", strict: true, schema: city } };
		for (const seed of [1, 2, 3]) {
			const { message, finish_reason } = await whole({ messages, response_format, temperature: 1.5, seed, max_tokens: 400 });
			expect(finish_reason).toBe("stop");
			const value = JSON.parse(message.content ?? "");
			expect(Object.keys(value)).toEqual(["name", "country", "population", "founded", "tags"]);
			expect(value.country).toMatch(/^[A-Z]{2}$/);
			expect(Number.isInteger(value.population) && value.population >= 1 && value.population <= 50_000_000).toBe(true);
			expect(value.founded).toMatch(/^\d{4}-\d\d-\d\d$/);
			expect(value.tags.length).toBeGreaterThanOrEqual(1);
			expect(value.tags.length).toBeLessThanOrEqual(3);
		}
	});

	it("is any JSON object", async () => {
		const { message, finish_reason } = await whole({
			messages,
			response_format: { type: "json_object" },
			max_tokens: 500,
			seed: 5,
			temperature: 0.5,
		});
		if (finish_reason === "stop") {
			expect(JSON.parse(message.content ?? "")).toBeTypeOf("object");
		}
		expect(message.content?.startsWith("{")).toBe(true);
	});

	it("is either that form or a call of a tool", async () => {
		const response_format = { type: "json_schema", json_schema: { name: "yes", schema: { type: "boolean" } } };
		const { message, finish_reason } = await whole({ messages, response_format, tools: [clock], max_tokens: 60 });
		expect(finish_reason === "tool_calls" || ["true", "false"].includes(message.content ?? "")).toBe(true);
	});

	it("is refused by keyword and place when it cannot be enforced", async () => {
		const schema = { type: "object", properties: { a: { type: "array", uniqueItems: true } } };
		expect(await errorOf({ messages, response_format: { type: "json_schema", json_schema: { name: "x", schema } } })).toMatchObject({
			code: "unsupported_parameter",
			param: "response_format.json_schema.schema",
			details: { pointer: "/properties/a", keyword: "uniqueItems" },
		});
	});
});
