import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CompletionCall } from "../../serving/backend.ts";
import { FakeProvider, saying } from "../../testing/fake-backend.ts";
import { allEvents } from "../../testing/lmx-process.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { completionRoutes } from "./completion-routes.ts";

let models: FakeProvider;
let server: RouteServer;
let openai: OpenAI;
beforeAll(async () => {
	models = new FakeProvider();
	server = await startRouteServer(completionRoutes(models));
	openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
});
afterAll(() => server.close());
beforeEach(() => {
	models.backend.completions.length = 0;
	models.backend.refusal = null;
	models.backend.script = () => saying("Hello", " world");
});

const logprobs = [{ token: "Hello", logprob: -0.5, bytes: null, top_logprobs: [{ token: "Hi", logprob: -1, bytes: null }] }];

describe("POST /v1/completions", () => {
	it("goes on with a text of 16 tokens unless told otherwise", async () => {
		const answer = await openai.completions.create({ model: "fake", prompt: "Say hello:" });
		expect(answer).toMatchObject({ object: "text_completion", model: "fake", usage: { total_tokens: 15 } });
		expect(answer.choices).toEqual([{ index: 0, text: "Hello world", logprobs: null, finish_reason: "stop" }]);
		expect(models.backend.completions[0]?.request).toEqual({ prompt: "Say hello:", suffix: null, logprobs: null, max_tokens: 16 });
		expect(models.held).toBe(0);
	});

	it("numbers the choices of several prompts one after the other", async () => {
		models.backend.script = (request) => {
			const { prompt } = request as CompletionCall;
			return [
				{ delta: { content: `${prompt}!` } },
				{ choice: 1, delta: { content: `${prompt}?` } },
				{ finish: "stop" },
				{ choice: 1, finish: "length" },
			];
		};
		const prompt = ["a", "b", "c", "d", "e", "f"];
		const answer = await openai.completions.create({ model: "fake", prompt, n: 2 });
		expect(answer.choices.map(({ index, text }) => `${index} ${text}`)).toEqual(
			prompt.flatMap((text, at) => [`${at * 2} ${text}!`, `${at * 2 + 1} ${text}?`]),
		);
		expect(answer.choices[3]?.finish_reason).toBe("length");
		expect(answer.usage?.prompt_tokens).toBe(60);
	});

	it("takes token ids, sends prompts back, and passes the suffix and sampling on", async () => {
		const answer = await openai.completions.create({ model: "fake", prompt: [72, 105], echo: true });
		expect(answer.choices[0]?.text).toBe("HiHello world");
		await openai.completions.create({ model: "fake", prompt: "a", suffix: "z", temperature: 0, stop: ["x"], max_tokens: 3 });
		expect(models.backend.completions.map(({ request }) => request.prompt)).toEqual([[72, 105], "a"]);
		expect(models.backend.completions[1]?.request).toMatchObject({ suffix: "z", temperature: 0, stop: ["x"], max_tokens: 3 });
	});

	it("gives probabilities in the legacy shape", async () => {
		models.backend.script = () => [
			{ delta: { content: "Hello" }, logprobs },
			{ delta: { content: "Hello" }, logprobs },
			{ finish: "stop" },
		];
		const { choices } = await openai.completions.create({ model: "fake", prompt: "a", logprobs: 1 });
		expect(choices[0]?.logprobs).toEqual({
			tokens: ["Hello", "Hello"],
			token_logprobs: [-0.5, -0.5],
			top_logprobs: [{ Hi: -1 }, { Hi: -1 }],
			text_offset: [0, 5],
		});
	});

	it("streams the prompt, the text, the ends and the counts", async () => {
		const stream = await openai.completions.create({
			model: "fake",
			prompt: ["a", "b"],
			echo: true,
			stream: true,
			stream_options: { include_usage: true },
		});
		const texts = ["", ""];
		let last: OpenAI.Completion | undefined;
		for await (const chunk of stream) {
			for (const { index, text } of chunk.choices) {
				texts[index] += text;
			}
			last = chunk;
		}
		expect(texts).toEqual(["aHello world", "bHello world"]);
		expect(last).toMatchObject({ choices: [], usage: { completion_tokens: 10 } });
	});

	it("ends a stream with the error that broke it", async () => {
		const error = { code: "model_crashed" as const, message: "The model has crashed." };
		models.backend.script = () => [{ delta: { content: "Hel" } }, { error }];
		const events = await allEvents(await server.ask("/v1/completions", { prompt: "a", stream: true }));
		expect(JSON.parse(events.at(-1)!)).toEqual({ error: { ...error, type: "server_error" } });
	});

	it("refuses before it streams, with a status", async () => {
		models.backend.refusal = { code: "queue_full", message: "Too many wait." };
		const response = await server.ask("/v1/completions", { prompt: "a", stream: true });
		expect(response.status).toBe(429);
		expect(response.headers.get("retry-after")).toBe("5");
	});

	it("stops all prompts when the client leaves, and gives the model back", async () => {
		models.backend.script = () => [{ delta: { content: "a" } }, "hold"];
		const before = models.backend.cancelled;
		const controller = new AbortController();
		const response = await server.ask("/v1/completions", { prompt: ["a", "b"], stream: true }, { signal: controller.signal });
		expect(models.held).toBe(1);
		await response.body!.getReader().read();
		controller.abort();
		await expect.poll(() => [models.held, models.backend.running, models.backend.cancelled - before]).toEqual([0, 0, 2]);
	});

	it.each([
		[{ best_of: 2 }, "unsupported_parameter", "best_of"],
		[{ echo: true, logprobs: 1 }, "unsupported_parameter", "logprobs"],
		[{ stream_options: {} }, "invalid_request", "stream_options"],
		[{ prompt: [1], suffix: "z" }, "invalid_request", "suffix"],
		[{ prompt: [] }, "invalid_request", "prompt"],
		[{ n: 0 }, "invalid_request", "n"],
		[{ model: "other" }, "model_not_found", "model"],
	])("refuses %j by name", async (change, code, param) => {
		const response = await server.ask("/completions", { prompt: "a", ...change });
		expect(await response.json()).toMatchObject({ error: { code, param } });
	});
});
