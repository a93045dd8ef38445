import { request } from "node:http";
import { chatChunkSchema, chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { modelListSchema } from "@opta/contracts/schema/lmx-models";
import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, startLmxProcess } from "../../testing/lmx-process.ts";

let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k", "--sequences", "6", "--queue-limit", "2");
});
afterAll(() => lmx.stop());

const story = { messages: [{ role: "user", content: "Once upon a time" }], temperature: 0, max_tokens: 60 };

async function whole(body: object): Promise<ReturnType<typeof chatCompletionSchema.parse>> {
	const response = await postChat(lmx.url, body);
	expect(response.status).toBe(200);
	return chatCompletionSchema.parse(await response.json());
}

async function streamed(
	body: object,
): Promise<{ text: string; chunks: ReturnType<typeof chatChunkSchema.parse>[]; last: string | undefined }> {
	const response = await postChat(lmx.url, { ...body, stream: true });
	const events = await allEvents(response);
	const last = events.pop();
	const chunks = events.map((event) => chatChunkSchema.parse(JSON.parse(event)));
	return { text: chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join(""), chunks, last };
}

async function errorOf(body: unknown): Promise<{ status: number; code: string; message: string; param?: string; details?: unknown }> {
	const response = await postChat(lmx.url, body);
	const { error } = (await response.json()) as { error: { code: string; message: string } };
	return { status: response.status, ...error };
}

describe("a chat", () => {
	it("is answered as a whole, with counts and times that fit together", async () => {
		const answer = await whole(story);
		expect(answer.choices[0]?.message.content?.length).toBeGreaterThan(20);
		expect(answer.choices[0]?.finish_reason).toBe("length");
		expect(answer.usage.completion_tokens).toBe(60);
		expect(answer.usage.total_tokens).toBe(answer.usage.prompt_tokens + 60);
		expect(answer.timings?.predicted_per_second).toBeGreaterThan(100);
	});

	it("streams the same text, in the shape of the OpenAI API", async () => {
		const { text, chunks, last } = await streamed({ ...story, stream_options: { include_usage: true } });
		expect(text).toBe((await whole(story)).choices[0]?.message.content);
		expect(last).toBe("[DONE]");
		expect(chunks[0]?.choices[0]?.delta).toEqual({ role: "assistant", content: "" });
		expect(chunks.filter((chunk) => chunk.choices[0]?.finish_reason === "length")).toHaveLength(1);
		expect(chunks.at(-2)?.timings?.predicted_n).toBe(60);
		expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 60 } });
		expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
		expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
	});

	it("tells how far the prompt is read, where the client asked", async () => {
		const messages = [{ role: "user", content: "A small cat sat on a mat and saw a big red ball. ".repeat(8) }];
		const body = { ...story, messages, max_tokens: 2, return_progress: true, stream_options: { include_usage: true } };
		const { chunks } = await streamed(body);
		const told = chunks.flatMap(({ prompt_progress: progress }) => progress ?? []);
		const total = chunks.at(-1)?.usage?.prompt_tokens;
		expect(told.at(-1)).toMatchObject({ total, processed: total });
		const again = (await streamed(body)).chunks.flatMap(({ prompt_progress: progress }) => progress ?? []);
		expect(again).toMatchObject([{ total, cache: expect.toSatisfy((cache: number) => cache > 0), processed: total }]);
		expect((await streamed(story)).chunks.some((chunk) => chunk.prompt_progress !== undefined)).toBe(false);
		expect(await errorOf({ ...story, return_progress: true })).toMatchObject({ status: 400, param: "return_progress" });
	});

	it("stops at a stop string and never shows it", async () => {
		const full = (await whole(story)).choices[0]!.message.content!;
		const stop = full.slice(17, 24);
		const answer = await whole({ ...story, stop: [stop] });
		expect(answer.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: full.slice(0, full.indexOf(stop)) } });
	});

	it("repeats itself with a seed", async () => {
		const ask = async (seed: number): Promise<string | null | undefined> =>
			(await whole({ ...story, temperature: 1, seed })).choices[0]?.message.content;
		const [first, second, other] = [await ask(7), await ask(7), await ask(8)];
		expect(second).toBe(first);
		expect(other).not.toBe(first);
	});

	it("reads a prompt that it knows from its cache", async () => {
		const messages = [{ role: "user", content: "The little dog ran to the big tree and looked up." }];
		await whole({ ...story, messages });
		const { usage } = await whole({ ...story, messages });
		expect(usage.prompt_tokens_details.cached_tokens).toBe(usage.prompt_tokens - 1);
	});

	it("gives each of six at once its own answer", async () => {
		const subjects = ["dog", "cat", "bird", "boy", "girl", "tree"];
		const bodies = subjects.map((subject) => ({ ...story, messages: [{ role: "user", content: `The ${subject} was` }], max_tokens: 25 }));
		const together = await Promise.all(bodies.map(streamed));
		for (const [index, body] of bodies.entries()) {
			expect(together[index]?.text).toBe((await streamed(body)).text);
		}
	});

	it("beyond all places and the queue is told to come back", async () => {
		const long = { messages: [{ role: "user", content: "A" }], temperature: 1.5, max_tokens: 480, seed: 1 };
		const responses = await Promise.all(Array.from({ length: 40 }, () => postChat(lmx.url, long)));
		const statuses = new Set(responses.map((response) => response.status));
		expect(statuses).toEqual(new Set([200, 429]));
		const refused = responses.find((response) => response.status === 429);
		await Promise.all(responses.filter((response) => response !== refused).map((response) => response.text()));
		expect(refused?.headers.get("retry-after")).toBe("5");
		expect(await refused?.json()).toMatchObject({ error: { code: "queue_full", type: "rate_limit_error" } });
	});
});

describe("a chat that cannot be answered", () => {
	it("says so with the numbers when it is longer than the context", async () => {
		const error = await errorOf({ messages: [{ role: "user", content: "long ".repeat(600) }] });
		expect(error).toMatchObject({ status: 400, code: "context_length_exceeded", param: "messages", details: { contextTokens: 512 } });
		expect(error.message).toMatch(/has \d+ tokens, but this model's context holds 512/);
	});

	it.each([
		[
			{ ...story, tempratur: 1 },
			{ status: 400, code: "unsupported_parameter", param: "tempratur" },
		],
		[
			{ ...story, messages: [{ role: "user", content: "x", nmae: "y" }] },
			{ status: 400, code: "unsupported_parameter", param: "messages.0.nmae" },
		],
		[
			{ ...story, temperature: 9 },
			{ status: 400, code: "invalid_request", param: "temperature" },
		],
		[
			{ ...story, messages: [] },
			{ status: 400, code: "invalid_request", param: "messages" },
		],
		[
			{ ...story, stream_options: {} },
			{ status: 400, code: "invalid_request", param: "stream_options" },
		],
		[
			{ ...story, model: "gpt-4o" },
			{ status: 404, code: "model_not_found", param: "model" },
		],
		[[], { status: 400, code: "invalid_request" }],
	])("names what is wrong with %j", async (body, expected) => {
		expect(await errorOf(body)).toMatchObject(expected);
	});

	it("is refused by its announced size, before it is sent", async () => {
		const status = await new Promise<number | undefined>((resolve) => {
			const headers = { "content-type": "application/json", "content-length": 9_000_000 };
			const sent = request(`${lmx.url}/v1/chat/completions`, { method: "POST", headers }, (response) => {
				resolve(response.resume().statusCode);
				sent.destroy();
			});
			sent.flushHeaders();
		});
		expect(status).toBe(413);
	});

	it("is refused when it is no JSON or of another type", async () => {
		const send = async (body: string, type: string): Promise<[number, unknown]> => {
			const response = await fetch(`${lmx.url}/v1/chat/completions`, { method: "POST", headers: { "content-type": type }, body });
			return [response.status, ((await response.json()) as { error: { code: string } }).error.code];
		};
		expect(await send("{ broken", "application/json")).toEqual([400, "invalid_request"]);
		expect(await send("a=b", "application/x-www-form-urlencoded")).toEqual([400, "invalid_request"]);
	});
});

describe("the server", () => {
	it("tells its models, its state and its health", async () => {
		const get = async (path: string): Promise<unknown> => (await fetch(lmx.url + path)).json();
		await whole(story);
		expect(modelListSchema.parse(await get("/v1/models")).data).toContainEqual(
			expect.objectContaining({ id: "stories260k", opta: expect.objectContaining({ state: "ready", contextTokens: 512 }) }),
		);
		const status = lmxStatusSchema.parse(await get("/admin/status"));
		expect(status.memory.loaded_models).toEqual(["stories260k"]);
		expect(status.models[0]?.tokensPerSecond).toBeGreaterThan(100);
		expect(status.models[0]?.ramBytes).toBeGreaterThan(10_000_000);
		expect(await get("/healthz")).toMatchObject({ status: "ok", api: { lmx: 1 } });
		expect(await get("/readyz")).toMatchObject({ status: "ok" });
	});

	it("does not answer to foreign pages and names", async () => {
		const ask = (headers: Record<string, string>): Promise<number> =>
			fetch(`${lmx.url}/v1/models`, { headers }).then((response) => response.status);
		expect(await ask({ origin: "https://evil.example" })).toBe(403);
		expect(await ask({ origin: lmx.url })).toBe(200);
	});

	it("carries the id of a request to its log, and nothing of the chat", async () => {
		const requestId = "test-request-0001";
		const response = await fetch(`${lmx.url}/v1/chat/completions`, {
			method: "POST",
			headers: { "content-type": "application/json", "x-request-id": requestId },
			body: JSON.stringify({ ...story, messages: [{ role: "user", content: "a secret word" }] }),
		});
		expect(response.headers.get("x-request-id")).toBe(requestId);
		await response.text();
		expect(await lmx.logged((line) => line.requestId === requestId)).toMatchObject({ route: "/v1/chat/completions", status: 200 });
		expect(JSON.stringify(lmx.log)).not.toContain("secret word");
	});

	it("says that its pages are not built", async () => {
		const response = await fetch(lmx.url);
		expect(await response.text()).toContain("LMX is running.");
	});
});
