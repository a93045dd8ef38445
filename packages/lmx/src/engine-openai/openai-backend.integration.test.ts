import { chatRequestSchema } from "@opta/contracts/schema/lmx-chat";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../serving/backend.ts";
import { chunk, type FakeOpenAiServer, json, startFakeOpenAiServer, streamEnd, streaming } from "../testing/fake-openai-server.ts";
import { HeardAnswer } from "../testing/heard-answer.ts";
import { OpenAiBackend, type OpenAiModel } from "./openai-backend.ts";
import { defaultUpstreamLimits, Upstream } from "./upstream.ts";

const never = new AbortController().signal;

const call: Call = { requestId: "request-1", client: "c", priority: "normal" };
const limits = { ...defaultUpstreamLimits, headersMs: 300, idleMs: 300, breaker: { failures: 2, openMs: 60_000, maxOpenMs: 60_000 } };

let server: FakeOpenAiServer;
let upstream: Upstream;

beforeEach(async () => {
	server = await startFakeOpenAiServer();
	upstream = new Upstream({ name: "cluster", baseUrl: server.baseUrl, apiKey: "secret-of-the-cluster", limits });
});

afterEach(async () => {
	await upstream.close();
	await server.close();
});

function backend(model: Partial<OpenAiModel> = {}): OpenAiBackend {
	return new OpenAiBackend(upstream, { name: "far", dialect: "openai", contextTokens: 4096, ...model });
}

async function chat(request: Record<string, unknown> = {}, model: Partial<OpenAiModel> = {}): Promise<HeardAnswer> {
	const heard = new HeardAnswer();
	const body = chatRequestSchema.parse({ messages: [{ role: "user", content: "Hi" }], ...request });
	backend(model).chat(body, call, heard);
	await heard.over;
	return heard;
}

describe("a server that works", () => {
	it("is asked in its own words, with its key, and answers through", async () => {
		const heard = await chat({
			model: "alias",
			messages: [
				{
					role: "developer",
					content: [
						{ type: "text", text: "Be " },
						{ type: "text", text: "short." },
					],
				},
				{ role: "user", content: "Hi" },
			],
			temperature: 0.5,
			repeat_penalty: 1.1,
			keep_alive: "5m",
			user: "somebody",
		});
		expect(heard).toMatchObject({ content: "Hello", finishes: ["stop"], isAccepted: true, error: null, usage: { prompt_tokens: 7 } });
		const [request] = server.requests;
		expect(request?.path).toBe("/v1/chat/completions");
		expect(request?.headers).toMatchObject({ authorization: "Bearer secret-of-the-cluster", "x-request-id": "request-1" });
		expect(request?.body).toEqual({
			model: "far",
			messages: [
				{ role: "system", content: "Be short." },
				{ role: "user", content: "Hi" },
			],
			temperature: 0.5,
			repetition_penalty: 1.1,
			stream: true,
			stream_options: { include_usage: true },
		});
	});

	it("may think, and call tools in pieces", async () => {
		server.answer = streaming(
			chunk({ reasoning: "Hm." }),
			chunk({ tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "look", arguments: "" } }] }),
			chunk({ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] }),
			chunk({ tool_calls: [{ index: 0, function: { arguments: "1}" } }] }),
			chunk({ content: "", tool_calls: [] }, "stop"),
			streamEnd,
		);
		const heard = await chat();
		expect(heard.deltas).toEqual([
			{ reasoning_content: "Hm." },
			{ tool_calls: [{ index: 0, id: "c1", type: "function", function: { name: "look", arguments: "" } }] },
			{ tool_calls: [{ index: 0, function: { arguments: '{"a":' } }] },
			{ tool_calls: [{ index: 0, function: { arguments: "1}" } }] },
		]);
		expect(heard.finishes).toEqual(["tool_calls"]);
	});

	it("makes vectors and scores, in the order of the inputs", async () => {
		server.answer = json(200, {
			data: [
				{ index: 1, embedding: [2] },
				{ index: 0, embedding: [1] },
			],
			usage: { prompt_tokens: 3 },
		});
		expect(await backend().embed(["a", "b"], never)).toEqual({ ok: true, value: { vectors: [[1], [2]], promptTokens: 3 } });
		server.answer = json(200, {
			results: [
				{ index: 1, relevance_score: 0.9 },
				{ index: 0, relevance_score: 0.1 },
			],
		});
		expect(await backend().rerank("q", ["a", "b"], never)).toEqual({ ok: true, value: { scores: [0.1, 0.9], promptTokens: 0 } });
	});

	it("is not asked for what it would pass over in silence", async () => {
		const refused = await chat({ grammar: "root ::= [a]" });
		expect(refused.error).toMatchObject({ code: "unsupported_parameter", param: "grammar" });
		expect((await chat({ n: 2 }, { dialect: "mlx" })).error).toMatchObject({ param: "n" });
		expect((await chat({ n: 1, response_format: { type: "text" } }, { dialect: "mlx" })).content).toBe("Hello");
		expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([32_768]);
	});
});

describe("a server that does not work", () => {
	it("is cut off when it never answers", async () => {
		server.answer = () => undefined;
		const heard = await chat();
		expect(heard).toMatchObject({ isAccepted: false, error: { code: "timeout" } });
		await server.requests[0]?.closed;
	});

	it("is cut off when it stops in the middle", async () => {
		server.answer = (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write(chunk({ content: "Hel" }));
		};
		const heard = await chat();
		expect(heard).toMatchObject({ content: "Hel", usage: null, error: { code: "timeout" } });
		await server.requests[0]?.closed;
	});

	it("breaks off, and the answer is an error, not a short answer", async () => {
		server.answer = (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write(chunk({ content: "Hel" }), () => response.destroy());
		};
		expect(await chat()).toMatchObject({ content: "Hel", error: { code: "model_crashed" } });
		server.answer = streaming(chunk({ content: "Hel" }));
		expect(await chat()).toMatchObject({ error: { code: "model_crashed", message: expect.stringContaining("before it was complete") } });
	});

	it("says why it cannot, and the reason is passed on", async () => {
		server.answer = json(400, { error: { message: "too long", code: "context_length_exceeded", param: "messages" } });
		expect((await chat()).error).toEqual({
			code: "context_length_exceeded",
			message: "The server cluster says: too long",
			param: "messages",
		});
		server.answer = json(429, { error: "busy" });
		expect((await chat()).error).toMatchObject({ code: "queue_full", message: "The server cluster says: busy" });
		server.answer = json(401, { detail: "bad key secret-of-the-cluster" });
		const { error } = await chat();
		expect(error?.code).toBe("model_unavailable");
		expect(JSON.stringify(error)).not.toContain("secret");
	});

	it("reports an error in the stream", async () => {
		server.answer = streaming(chunk({ content: "Hel" }), 'data: {"error":{"message":"out of memory","code":"x"}}\n\n');
		expect((await chat()).error).toMatchObject({ code: "model_crashed", message: expect.stringContaining("out of memory") });
	});

	it("speaks nonsense", async () => {
		for (const nonsense of ["data: <html>\n\n", "data: {\n\n", 'data: {"choices":3}\n\n', 'data: "text"\n\n']) {
			server.answer = streaming(nonsense);
			expect((await chat()).error).toMatchObject({ code: "model_crashed" });
		}
		server.answer = json(200, { data: [] });
		expect(await backend().embed(["a"], never)).toMatchObject({ ok: false, error: { code: "model_crashed" } });
		server.answer = streaming("not json");
		expect(await backend().embed(["a"], never)).toMatchObject({ ok: false, error: { code: "model_crashed" } });
	});

	it("is left alone after failures in a row", async () => {
		server.answer = json(500, { error: { message: "broken" } });
		await chat();
		expect(upstream.unhealthyReason()).toBeNull();
		await chat();
		expect(upstream.unhealthyReason()).toContain("broken");
		expect((await chat()).error).toMatchObject({ code: "model_unavailable", message: expect.stringContaining("tried again in") });
		expect(server.requests).toHaveLength(2);
	});
});

describe("a client that leaves", () => {
	it("ends the work of the other server, and hears nothing more", async () => {
		server.answer = (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write(chunk({ content: "Hel" }));
		};
		const heard = new HeardAnswer();
		const body = chatRequestSchema.parse({ messages: [{ role: "user", content: "Hi" }] });
		const running = backend().chat(body, call, heard);
		await heard.firstDelta;
		running.cancel();
		await server.requests[0]?.closed;
		expect(heard).toMatchObject({ usage: null, error: null });
		expect(upstream.unhealthyReason()).toBeNull();
	});

	it("slows the other server down when it reads slowly", async () => {
		let written = 0;
		server.answer = (response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			const text = "x".repeat(64 * 1024);
			const write = (): void => {
				while (!response.destroyed && written < 2000) {
					written++;
					if (!response.write(chunk({ content: text }))) {
						response.once("drain", write);
						return;
					}
				}
			};
			write();
		};
		const release = Promise.withResolvers<void>();
		class SlowReader extends HeardAnswer {
			drained(): Promise<void> {
				return release.promise;
			}
		}
		const heard = new SlowReader();
		const body = chatRequestSchema.parse({ messages: [{ role: "user", content: "Hi" }] });
		const running = backend().chat(body, call, heard);
		await heard.firstDelta;
		let before = -1;
		const hasStopped = (): boolean => {
			const isSame = before === written;
			before = written;
			return isSame;
		};
		await expect.poll(hasStopped, { interval: 100 }).toBe(true);
		expect(heard.deltas).toHaveLength(1);
		expect(written).toBeLessThan(1000);
		running.cancel();
		release.resolve();
	});
});
