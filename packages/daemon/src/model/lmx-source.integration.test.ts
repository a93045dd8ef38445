import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { streamFrameLimitBytes } from "@opta/contracts/schema/lmx-stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEgress } from "../egress/create-egress.ts";
import type { Egress } from "../egress/egress.ts";
import { type ScriptedModel, type ScriptedModelOptions, startScriptedModel } from "../testing/scripted-model.ts";
import { createHeld } from "../testing/scripted-reply.ts";
import { createLmxSource } from "./lmx-source.ts";
import type { ModelEvent, ModelRequest, ModelSource } from "./model-source.ts";

const request: ModelRequest = {
	model: "scripted",
	messages: [
		{ role: "system", content: "Be brief." },
		{ role: "user", content: "Hello" },
	],
	tools: [{ name: "read_file", description: "Reads", parameters: { type: "object", properties: { path: { type: "string" } } } }],
};

let egress: Egress;
let model: ScriptedModel;

beforeEach(() => {
	egress = createEgress({ localOnly: () => true, lmxAddress: () => null });
});

afterEach(async () => {
	await egress.close();
	await model.close();
});

async function open(options: ScriptedModelOptions, watchMs = 15_000): Promise<ModelSource> {
	model = await startScriptedModel(options);
	return createLmxSource({ way: egress.way("model"), address: () => model, key: async () => "the-key", watchMs });
}

async function all(events: AsyncIterable<ModelEvent>): Promise<ModelEvent[]> {
	const found: ModelEvent[] = [];
	for await (const event of events) {
		found.push(event);
	}
	return found;
}

function textOf(events: readonly ModelEvent[]): string {
	return events.map((event) => (event.type === "text" ? event.text : "")).join("");
}

const never = new AbortController().signal;

describe.each([
	["by socket", { webSocket: true }, "socket"],
	["by server-sent events", { webSocket: false }, "sse"],
] as const)("%s", (_name, options, via) => {
	it("gives text, thoughts, calls, counts and speed in order", async () => {
		const source = await open(options);
		model.reply(
			{ reasoning: "Hm." },
			{ text: "Let me look." },
			{ call: "read_file", arguments: { path: "a b.ts" } },
			{ call: "read_file", arguments: '{"pa' },
		);
		const events = await all(source.ask(request, never));
		expect(textOf(events)).toBe("Let me look.");
		expect(events.flatMap((event) => (event.type === "call" ? [[event.call.name, event.call.argumentsText]] : []))).toEqual([
			["read_file", '{"path":"a b.ts"}'],
			["read_file", '{"pa'],
		]);
		expect(events.at(-1)).toMatchObject({ type: "done", reason: "tool_calls", model: "scripted", speed: { tokensPerSecond: null } });
		expect(events.findIndex(({ type }) => type === "progress")).toBe(0);
		expect(model.requests[0]).toMatchObject({ via, authorization: "Bearer the-key" });
		expect(await model.requests[0]?.ended).toBe("complete");
	});

	it("counts what the server did not have to read again", async () => {
		const source = await open(options);
		model.reply({ text: "One." });
		model.reply({ text: "Two." });
		await all(source.ask(request, never));
		const [done] = (await all(source.ask(request, never))).slice(-1);
		expect(done).toMatchObject({ type: "done", usage: { promptTokens: expect.any(Number), completionTokens: 1 } });
		expect(done?.type === "done" && done.usage.cachedTokens / done.usage.promptTokens).toBeGreaterThan(0.9);
	});

	it("shows how far the prompt is read where the server says it", async () => {
		const source = await open(options);
		model.reply({ read: 250, of: 1000 }, { text: "Done." });
		const events = await all(source.ask(request, never));
		expect(events).toContainEqual({
			type: "progress",
			stage: "reading_prompt",
			fraction: 0.25,
			message: "Reading 1,000 tokens",
		});
	});

	it("says that others are answered first while it waits", async () => {
		const source = await open(options);
		const held = createHeld();
		model.reply({ queue: held }, { text: "Mine." });
		const stages: string[] = [];
		for await (const event of source.ask(request, never)) {
			if (event.type === "progress") {
				stages.push(event.stage);
			}
			if (event.type === "progress" && event.stage === "queued") {
				held.release();
			}
		}
		expect(stages).toEqual(["connecting", "queued", "reading_prompt"]);
	});

	it("waits for as long as a prompt is being read, while the server gives signs of life", async () => {
		const source = await open(options, 100);
		const held = createHeld();
		model.reply({ hold: held }, { text: "At last." });
		const answer = all(source.ask(request, never));
		await held.reached;
		await expect.poll(model.signsOfLife).toBeGreaterThan(8);
		held.release();
		expect(textOf(await answer)).toBe("At last.");
	});

	it("gives up on a server that gives no sign of life any more", async () => {
		const source = await open(options, 100);
		const held = createHeld();
		model.reply({ text: "Half" }, { hold: held });
		const answer = all(source.ask(request, never));
		await held.reached;
		model.freeze();
		expect((await answer).at(-1)).toMatchObject({ type: "failed", failure: { code: "host_unreachable", hadOutput: true } });
	});

	it("says that the connection broke off, with what had arrived", async () => {
		const source = await open(options);
		const held = createHeld();
		model.reply({ text: "Half an ans" }, { hold: held }, { reset: true });
		const events: ModelEvent[] = [];
		for await (const event of source.ask(request, never)) {
			events.push(event);
			if (textOf(events) === "Half an ans") {
				held.release();
			}
		}
		expect(textOf(events)).toBe("Half an ans");
		expect(events.at(-1)).toMatchObject({ type: "failed", failure: { code: "host_unreachable", hadOutput: true, unreachable: false } });
	});

	it("passes on what the server says went wrong, before and in the middle of an answer", async () => {
		const source = await open(options);
		model.reply({ fail: "context_length_exceeded", message: "9000 tokens, but 8192 fit." });
		model.reply({ text: "Half" }, { fail: "model_crashed", message: "The model crashed." });
		expect((await all(source.ask(request, never))).at(-1)).toMatchObject({
			failure: { code: "context_length_exceeded", message: "9000 tokens, but 8192 fit.", hadOutput: false },
		});
		expect((await all(source.ask(request, never))).at(-1)).toMatchObject({ failure: { code: "model_crashed", hadOutput: true } });
	});

	it.each(["queue", "hold"] as const)("tells the server of a cancel in the stage %s, and ends at once", async (stage) => {
		const source = await open(options);
		const held = createHeld();
		model.reply(stage === "queue" ? { queue: held } : { hold: held });
		const cancel = new AbortController();
		const answer = all(source.ask(request, cancel.signal));
		await held.reached;
		cancel.abort();
		expect((await answer).at(-1)).toMatchObject({ type: "failed", failure: { code: "cancelled" } });
		expect(await model.requests[0]?.ended).toBe("gone");
	});
});

it("reads Retry-After", async () => {
	const source = await open({ webSocket: false });
	model.reply({ fail: "queue_full", retryAfterSeconds: 7 });
	expect((await all(source.ask(request, never))).at(-1)).toMatchObject({ failure: { code: "queue_full", retryAfterMs: 7000 } });
});

it("says of a conversation that is larger than any frame that it is too long", async () => {
	const source = await open({});
	const huge = { ...request, messages: [{ role: "user" as const, content: "x".repeat(streamFrameLimitBytes) }] };
	expect((await all(source.ask(huge, never))).at(-1)).toMatchObject({ type: "failed", failure: { code: "context_length_exceeded" } });
});

it("says that nothing answers at an address", async () => {
	const source = await open({});
	await model.close();
	const [event] = (await all(source.ask(request, never))).slice(-1);
	expect(event).toMatchObject({ type: "failed", failure: { code: "host_unreachable", unreachable: true } });
	expect(await source.models(never)).toMatchObject({ ok: false, failure: { unreachable: true } });
});

it("says how to switch local only off where an address is not local", async () => {
	model = await startScriptedModel();
	const source = createLmxSource({ way: egress.way("model"), address: () => ({ host: "192.0.2.7", port: 1234 }), key: async () => null });
	expect(await source.models(never)).toMatchObject({
		ok: false,
		failure: { code: "forbidden", message: expect.stringContaining("Local only") },
	});
});

it("works with another server in the shape of the OpenAI reference", async () => {
	model = await startScriptedModel();
	const chunk = (delta: unknown, rest = {}) => `data: ${JSON.stringify({ choices: [{ delta, finish_reason: null }], ...rest })}\n\n`;
	const server = createServer((message, response) => {
		if (message.url === "/v1/models") {
			response.end(JSON.stringify({ object: "list", data: [{ id: "qwen", meta: { n_ctx: 32_768 } }] }));
			return;
		}
		response.writeHead(200, { "content-type": "text/event-stream" });
		response.write(chunk({ role: "assistant", content: null }));
		response.write(chunk({ tool_calls: [{ id: "a", function: { name: "read_file", arguments: "{}" } }] }));
		response.end(
			`data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: "tool_calls" }], usage: { prompt_tokens: 5 } })}\n\ndata: [DONE]\n\n`,
		);
	});
	const { port } = await new Promise<AddressInfo>((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve(server.address() as AddressInfo)),
	);
	const source = createLmxSource({ way: egress.way("model"), address: () => ({ host: "localhost", port }), key: async () => null });
	expect(await source.models(never)).toEqual({
		ok: true,
		value: [{ id: "qwen", state: "ready", contextTokens: 32_768, vision: false, fileBytes: null }],
	});
	const events = await all(source.ask(request, never));
	expect(events).toContainEqual({ type: "call", call: { id: "a", name: "read_file", argumentsText: "{}" } });
	expect(events.at(-1)).toMatchObject({ type: "done", usage: { promptTokens: 5, cachedTokens: 0 } });
	server.closeAllConnections();
	server.close();
});
