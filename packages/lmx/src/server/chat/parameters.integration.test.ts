import { type ChatCompletion, chatChunkSchema, chatCompletionSchema } from "@opta/contracts/schema/lmx-chat";
import { lmxStatusSchema } from "@opta/contracts/schema/lmx-status";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allEvents, type LmxProcess, postChat, readEvents, startLmxProcess } from "../../testing/lmx-process.ts";

let lmx: LmxProcess;
beforeAll(async () => {
	lmx = await startLmxProcess("--model", "stories260k", "--sequences", "4");
});
afterAll(() => lmx.stop());

const story = { messages: [{ role: "user", content: "Once upon a time" }], temperature: 0, max_tokens: 40 };

async function whole(body: object): Promise<ChatCompletion> {
	const response = await postChat(lmx.url, body);
	const answer = await response.json();
	expect(response.status, JSON.stringify(answer)).toBe(200);
	return chatCompletionSchema.parse(answer);
}

async function errorOf(body: object, headers: Record<string, string> = {}): Promise<object> {
	const response = await fetch(`${lmx.url}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: JSON.stringify(body),
	});
	return { status: response.status, ...((await response.json()) as { error: object }).error };
}

async function active(): Promise<number> {
	const response = await fetch(`${lmx.url}/admin/status`);
	return lmxStatusSchema.parse(await response.json()).performance.concurrent_requests;
}

describe("a chat with several choices", () => {
	it("draws each with a seed of its own, and counts the prompt once", async () => {
		const alone = await whole({ ...story, temperature: 1, seed: 8 });
		const answer = await whole({ ...story, temperature: 1, seed: 7, n: 3 });
		const texts = answer.choices.map(({ message }) => message.content);
		expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2]);
		expect(new Set(texts).size).toBe(3);
		expect(texts[1]).toBe(alone.choices[0]?.message.content);
		expect(answer.usage.prompt_tokens).toBe(alone.usage.prompt_tokens);
		expect(answer.usage.completion_tokens).toBe(120);
	});

	it("streams them side by side, each with its own end", async () => {
		const response = await postChat(lmx.url, { ...story, temperature: 1, seed: 7, n: 3, stream: true });
		const chunks = (await allEvents(response)).slice(0, -1).map((event) => chatChunkSchema.parse(JSON.parse(event)));
		const choices = chunks.flatMap((chunk) => chunk.choices);
		for (const index of [0, 1, 2]) {
			const own = choices.filter((choice) => choice.index === index);
			expect(own[0]?.delta.role).toBe("assistant");
			expect(own.filter(({ finish_reason }) => finish_reason !== null)).toHaveLength(1);
			expect(own.map(({ delta }) => delta.content ?? "").join("").length).toBeGreaterThan(20);
		}
		expect(chunks.filter(({ timings }) => timings !== undefined)).toHaveLength(1);
	});
});

describe("probabilities", () => {
	it("stand beside every token, the most likely ones first", async () => {
		const { choices } = await whole({ ...story, max_tokens: 8, logprobs: true, top_logprobs: 3 });
		const tokens = choices[0]?.logprobs?.content ?? [];
		expect(tokens).toHaveLength(8);
		expect(tokens.map(({ token }) => token).join("")).toBe(choices[0]?.message.content);
		for (const { token, logprob, top_logprobs } of tokens) {
			expect(logprob).toBeLessThanOrEqual(0);
			expect(top_logprobs).toHaveLength(3);
			expect(top_logprobs[0]).toMatchObject({ token, logprob });
		}
	});

	it("are streamed too, and left out when nobody asks", async () => {
		const response = await postChat(lmx.url, { ...story, max_tokens: 8, logprobs: true, stream: true });
		const choices = (await allEvents(response)).slice(0, -1).flatMap((event) => chatChunkSchema.parse(JSON.parse(event)).choices);
		expect(choices.flatMap(({ logprobs }) => logprobs?.content ?? [])).toHaveLength(8);
		expect((await whole(story)).choices[0]?.logprobs).toBeNull();
	});
});

describe("sampling", () => {
	it("can be forbidden a token and forced to one", async () => {
		const { choices } = await whole({ ...story, max_tokens: 4, logprobs: true });
		const tokenize = await fetch(`${lmx.url}/tokenize`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ content: choices[0]?.logprobs?.content?.[0]?.token }),
		});
		const { tokens } = (await tokenize.json()) as { tokens: number[] };
		const biased = await whole({ ...story, max_tokens: 4, logit_bias: { [String(tokens.at(-1))]: -100 }, logprobs: true });
		expect(biased.choices[0]?.logprobs?.content?.[0]?.token).not.toBe(choices[0]?.logprobs?.content?.[0]?.token);
		const forced = await whole({ ...story, max_tokens: 4, logit_bias: { [String(tokens.at(-1))]: 100 }, logprobs: true });
		expect(new Set(forced.choices[0]?.logprobs?.content?.map(({ token }) => token)).size).toBe(1);
	});

	it("follows a grammar, and says what is wrong with one", async () => {
		const { choices } = await whole({ ...story, grammar: 'root ::= ("yes" | "no") [.!]{2}' });
		expect(choices[0]).toMatchObject({ finish_reason: "stop", message: { content: expect.stringMatching(/^(yes|no)[.!]{2}$/) } });
		expect(await errorOf({ ...story, grammar: "root ::= unknown" })).toMatchObject({ status: 400, param: "grammar" });
	});

	it("stops at a stop string that several tokens make", async () => {
		const full = (await whole(story)).choices[0]?.message.content ?? "";
		const stop = full.slice(9, 23);
		const response = await postChat(lmx.url, { ...story, stop: ["never said", stop], stream: true });
		const choices = (await allEvents(response)).slice(0, -1).flatMap((event) => chatChunkSchema.parse(JSON.parse(event)).choices);
		expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe(full.slice(0, full.indexOf(stop)));
		expect(choices.at(-1)?.finish_reason).toBe("stop");
	});
});

describe("a client that leaves", () => {
	it.each([1, 3])("frees the places of its %i choices", async (n) => {
		const controller = new AbortController();
		const response = await postChat(lmx.url, { ...story, max_tokens: 450, temperature: 1.5, n, stream: true }, controller.signal);
		for await (const _ of readEvents(response)) {
			break;
		}
		controller.abort();
		await expect.poll(active, { timeout: 5000 }).toBe(0);
	});
});

describe("a parameter that cannot be honoured", () => {
	it.each([
		[{ top_logprobs: 2 }, { code: "invalid_request", param: "top_logprobs" }],
		[
			{ logprobs: true, top_logprobs: 21 },
			{ code: "invalid_request", param: "top_logprobs" },
		],
		[
			{ max_tokens: 5, max_completion_tokens: 6 },
			{ code: "invalid_request", param: "max_tokens" },
		],
		[{ reasoning_effort: "high" }, { code: "unsupported_parameter", param: "reasoning_effort" }],
		[{ reasoning_budget_tokens: 100 }, { code: "unsupported_parameter", param: "reasoning_budget_tokens" }],
		[{ tools: [{ type: "mcp", server_label: "files" }] }, { code: "unsupported_parameter", param: "tools.0" }],
		[
			{ grammar: 'root ::= "a"', response_format: { type: "json_object" } },
			{ code: "invalid_request", param: "grammar" },
		],
	])("is named: %j", async (parameter, expected) => {
		expect(await errorOf({ ...story, ...parameter })).toMatchObject({ status: 400, ...expected });
	});

	it("is an image for a model without vision", async () => {
		const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
		const error = await errorOf({ messages: [{ role: "user", content: [{ type: "text", text: "What is this?" }, image] }] });
		expect(error).toMatchObject({ status: 400, param: "messages.0.content", message: expect.stringContaining("no vision") });
	});

	it("is a priority that does not exist", async () => {
		expect(await errorOf(story, { "x-opta-priority": "urgent" })).toMatchObject({ status: 400, param: "x-opta-priority" });
		const response = await fetch(`${lmx.url}/v1/chat/completions`, {
			method: "POST",
			headers: { "content-type": "application/json", "x-opta-priority": "high" },
			body: JSON.stringify({ ...story, reasoning_effort: "none", keep_alive: "10m" }),
		});
		expect(response.status).toBe(200);
	});
});
