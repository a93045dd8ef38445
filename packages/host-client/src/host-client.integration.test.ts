import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorBody } from "@opta/contracts/error-body";
import { afterEach, describe, expect, it } from "vitest";
import type { ChatEvent } from "./chat-event.ts";
import { createHostClient } from "./host-client.ts";

const closers: (() => void)[] = [];

afterEach(() => {
	for (const close of closers.splice(0)) {
		close();
	}
});

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	closers.push(() => {
		server.closeAllConnections();
		server.close();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function delta(content: string, finishReason: string | null = null): string {
	return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] })}\n\n`;
}

function startStream(response: ServerResponse): void {
	response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
	const pieces: Buffer[] = [];
	for await (const piece of request) {
		pieces.push(piece);
	}
	return JSON.parse(Buffer.concat(pieces).toString("utf8"));
}

const question = { messages: [{ role: "user" as const, content: "Hello" }] };

describe("a chat with a host", () => {
	it("streams the answer, also when a character is cut in two", async () => {
		const received: unknown[] = [];
		const baseUrl = await serve(async (request, response) => {
			received.push(request.method, request.url, await readBody(request));
			startStream(response);
			const bytes = Buffer.from(`${delta("héllo 👋", "stop")}data: [DONE]\n\n`);
			const half = bytes.indexOf(Buffer.from("👋")) + 2;
			response.write(bytes.subarray(0, half), () => setImmediate(() => response.end(bytes.subarray(half))));
		});
		const events: ChatEvent[] = [];
		await createHostClient({ baseUrl }).streamChat(question, {
			signal: new AbortController().signal,
			onEvent: (event) => events.push(event),
		});
		expect(events).toEqual([
			{ type: "delta", text: "héllo 👋" },
			{ type: "done", finishReason: "stop" },
		]);
		expect(received).toEqual(["POST", "/v1/chat/completions", { ...question, stream: true, stream_options: { include_usage: true } }]);
	});

	it("stopped by its reader closes the connection and ends as cancelled", async () => {
		const left = Promise.withResolvers<void>();
		const baseUrl = await serve((_request, response) => {
			response.on("close", left.resolve);
			startStream(response);
			response.write(delta("one"));
		});
		const stop = new AbortController();
		const events: ChatEvent[] = [];
		await createHostClient({ baseUrl }).streamChat(question, {
			signal: stop.signal,
			readIntervalMs: 60_000,
			onEvent(event) {
				events.push(event);
				stop.abort();
			},
		});
		await left.promise;
		expect(events).toEqual([
			{ type: "delta", text: "one" },
			{ type: "done", finishReason: "cancelled" },
		]);
	});

	it("cut off by the network keeps what arrived and says so", async () => {
		const baseUrl = await serve((_request, response) => {
			startStream(response);
			response.write(delta("half"), () => response.destroy());
		});
		const events: ChatEvent[] = [];
		await createHostClient({ baseUrl }).streamChat(question, {
			signal: new AbortController().signal,
			onEvent: (event) => events.push(event),
		});
		expect(events.at(-1)).toMatchObject({ type: "error", error: { code: "interrupted" } });
	});

	it("reads seldom when asked to, and still hands over every token", async () => {
		const baseUrl = await serve((_request, response) => {
			startStream(response);
			let sent = 0;
			const timer = setInterval(() => {
				response.write(delta(`${sent} `));
				if (++sent === 40) {
					clearInterval(timer);
					response.end(`${delta("", "stop")}data: [DONE]\n\n`);
				}
			}, 5);
		});
		const arrivals = new Set<number>();
		let text = "";
		await createHostClient({ baseUrl }).streamChat(question, {
			signal: new AbortController().signal,
			readIntervalMs: 100,
			onEvent(event) {
				if (event.type === "delta") {
					text += event.text;
					arrivals.add(Math.round(performance.now() / 20));
				}
			},
		});
		expect(text).toBe(Array.from({ length: 40 }, (_, index) => `${index} `).join(""));
		expect(arrivals.size).toBeLessThan(15);
	});
});

describe("a request", () => {
	it("to nobody is offline", async () => {
		const baseUrl = await serve(() => undefined);
		for (const close of closers.splice(0)) {
			close();
		}
		expect(await createHostClient({ baseUrl }).status()).toMatchObject({ ok: false, error: { code: "offline", status: null } });
	});

	it("that is refused carries the server's code and its wish to wait", async () => {
		const baseUrl = await serve((_request, response) => {
			response.setHeader("retry-after", "2");
			sendJson(response, 429, errorBody("queue_full", "Eight requests wait already. Try again in 2 seconds."));
		});
		expect(await createHostClient({ baseUrl }).listModels()).toMatchObject({
			ok: false,
			error: { code: "queue_full", status: 429, retryAfterMs: 2000 },
		});
	});

	it("answered with a page instead of data is an error, not a crash", async () => {
		const baseUrl = await serve((_request, response) =>
			response.writeHead(200, { "content-type": "text/html" }).end("<html>Log in to Wi-Fi"),
		);
		expect(await createHostClient({ baseUrl }).status()).toMatchObject({ ok: false, error: { code: "unknown" } });
	});

	it("with an expired session recovers it once for all requests under way and is sent again", async () => {
		let signedIn = false;
		let recoveries = 0;
		const baseUrl = await serve((_request, response) =>
			signedIn ? sendJson(response, 200, { object: "list", data: [] }) : sendJson(response, 401, errorBody("session_expired", "Sign in.")),
		);
		const client = createHostClient({
			baseUrl,
			recoverSession: async () => {
				recoveries++;
				await new Promise(setImmediate);
				signedIn = true;
				return true;
			},
		});
		const results = await Promise.all([client.listModels(), client.listModels(), client.listModels()]);
		expect(results.every((result) => result.ok)).toBe(true);
		expect(recoveries).toBe(1);
	});

	it.each([
		["does not help", async () => true],
		["finds nobody signed in", async () => false],
		["fails itself", () => Promise.reject(new TypeError("network"))],
	])("whose recovery %s reports the expired session instead of trying for ever", async (_name, recoverSession) => {
		let requests = 0;
		const baseUrl = await serve((_request, response) => {
			requests++;
			sendJson(response, 401, errorBody("session_expired", "Sign in again."));
		});
		expect(await createHostClient({ baseUrl, recoverSession }).status()).toMatchObject({ ok: false, error: { code: "session_expired" } });
		expect(requests).toBeLessThanOrEqual(2);
	});
});

describe("a host with a key", () => {
	it("gets it with every request, chat among them", async () => {
		const received: unknown[] = [];
		const baseUrl = await serve(({ url, headers }, response) => {
			received.push([url, headers.authorization, headers["content-type"]]);
			if (url === "/v1/models") {
				sendJson(response, 200, { object: "list", data: [] });
			} else {
				startStream(response);
				response.end(`${delta("yes", "stop")}data: [DONE]\n\n`);
			}
		});
		const client = createHostClient({ baseUrl, hostKey: { current: () => "secret", refused: () => undefined } });
		await client.listModels();
		await client.streamChat(question, { signal: new AbortController().signal, onEvent: () => undefined });
		expect(received).toEqual([
			["/v1/models", "Bearer secret", undefined],
			["/v1/chat/completions", "Bearer secret", "application/json"],
		]);
	});

	it("says which key it refuses; one that opens other things only is not refused", async () => {
		const refused: string[] = [];
		let key: string | null = null;
		const baseUrl = await serve(({ headers }, response) => {
			const code = headers.authorization === "Bearer chat" ? "forbidden" : "unauthenticated";
			sendJson(response, code === "forbidden" ? 403 : 401, errorBody(code, "The admin key is needed."));
		});
		const client = createHostClient({ baseUrl, hostKey: { current: () => key, refused: (each) => refused.push(each) } });
		expect(await client.status()).toMatchObject({ ok: false, error: { code: "unauthenticated" } });
		key = "chat";
		expect(await client.status()).toMatchObject({ ok: false, error: { code: "forbidden" } });
		expect(refused).toEqual([]);
		key = "wrong";
		expect(await client.status()).toMatchObject({ ok: false, error: { code: "unauthenticated" } });
		expect(refused).toEqual(["wrong"]);
	});
});
