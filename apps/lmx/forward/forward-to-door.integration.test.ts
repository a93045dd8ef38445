import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { digestOf } from "@opta/auth/device-credential/key-proof";
import { checkRequestProof } from "@opta/auth/device-credential/request-proof";
import type { DoorMethod } from "@opta/contracts/door-routes";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createDeviceSpeaker } from "./device-speaker.ts";
import { forwardToDoor } from "./forward-to-door.ts";
import type { DoorPasses } from "./passes-for.ts";

const closers: (() => void)[] = [];

afterEach(() => {
	for (const close of closers.splice(0)) {
		close();
	}
});

async function openDoor(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	closers.push(() => {
		server.closeAllConnections();
		server.close();
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function streamOf(text: string): ReadableStream<Uint8Array> {
	return new Blob([text]).stream();
}

interface Asked {
	readonly signal?: AbortSignal;
	readonly body?: ReadableStream<Uint8Array>;
	readonly headers?: Headers;
	readonly passes?: DoorPasses;
	readonly method?: DoorMethod;
	readonly path?: string;
	readonly allowsPrivate?: boolean;
}

const hostOnly: DoorPasses = { host: "the-pass", device: null };
const speaker = await createDeviceSpeaker();

function ask(
	doorUrl: string,
	{ signal, body, headers, passes = hostOnly, method = "POST", path = "/v1/chat/completions", allowsPrivate = true }: Asked = {},
): Promise<Response> {
	return forwardToDoor({
		doorUrl,
		allowsPrivate,
		passes,
		speaker,
		method,
		path,
		headers: headers ?? new Headers({ "content-type": "application/json" }),
		body: method === "GET" ? null : (body ?? streamOf("{}")),
		signal: signal ?? new AbortController().signal,
	});
}

async function errorOf(response: Response): Promise<[number, string]> {
	return [response.status, (await response.json()).error.code];
}

describe("a forwarded request", () => {
	it("reaches the door with the pass, its body and nothing else of the browser's", async () => {
		const seen: { request?: IncomingMessage; body?: string } = {};
		const door = await openDoor(async (request, response) => {
			seen.request = request;
			seen.body = await new Response(request as unknown as BodyInit).text();
			response.setHeader("set-cookie", "door=1");
			response.setHeader("access-control-allow-origin", "*");
			response.writeHead(201, { "content-type": "application/json", "retry-after": "3" }).end('{"ok":true}');
		});
		const headers = new Headers({
			"content-type": "application/json",
			cookie: "__Secure-opta-session=secret",
			authorization: "Bearer stolen",
			"x-forwarded-for": "10.0.0.1",
			"x-opta-role": "owner",
		});
		const response = await ask(door, { headers, body: streamOf('{"messages":[]}') });
		expect([response.status, await response.json()]).toEqual([201, { ok: true }]);
		expect(Object.keys(seen.request?.headers ?? {}).sort()).toEqual([
			"authorization",
			"connection",
			"content-type",
			"host",
			"transfer-encoding",
		]);
		expect([seen.request?.headers.authorization, seen.body]).toEqual(["Bearer the-pass", '{"messages":[]}']);
		expect(Object.fromEntries(response.headers)).toEqual({
			"content-type": "application/json",
			"retry-after": "3",
			"cache-control": "no-store, no-transform",
			"x-accel-buffering": "no",
		});
	});

	it("to a device carries its pass, the proof that this is the request, the query and what the client says of itself", async () => {
		const seen: IncomingMessage[] = [];
		const door = await openDoor((request, response) => {
			seen.push(request);
			request.resume();
			response.writeHead(200, { "content-type": "application/json" }).end("{}");
		});
		const headers = new Headers({
			"x-opta-client-id": "c1",
			"x-opta-client-name": "phone",
			"idempotency-key": "k1",
			"last-event-id": "e:7",
			"x-opta-device-pass": "forged",
			"x-opta-device-id": "d1",
		});
		const passes = { host: "host-pass", device: { deviceId: "d1", pass: "device-pass" } };
		await ask(door, { headers, passes, method: "PATCH", path: "/peers/d1/v3/sessions/s1?after=e%3A7" });
		await ask(door, { headers, passes, method: "GET", path: "/v3/sessions" });
		const { host: _host, connection: _connection, "content-length": _length, dpop, ...sent } = seen[0]!.headers;
		const proved = { deviceId: "d1", pass: "device-pass" };
		const change = await checkRequestProof(String(dpop), { ...proved, method: "PATCH", target: "/v3/sessions/s1?after=e%3A7" });
		expect(change).toMatchObject({ thumbprint: speaker.keyThumbprint, bodyDigest: digestOf("{}") });
		const look = await checkRequestProof(String(seen[1]!.headers.dpop), { ...proved, method: "GET", target: "/v3/sessions" });
		expect(look).toMatchObject({ thumbprint: speaker.keyThumbprint, bodyDigest: digestOf("") });
		expect([seen[0]!.method, seen[0]!.url, sent]).toEqual([
			"PATCH",
			"/peers/d1/v3/sessions/s1?after=e%3A7",
			{
				authorization: "Bearer host-pass",
				"x-opta-device-pass": "device-pass",
				"x-opta-client-id": "c1",
				"x-opta-client-name": "phone",
				"idempotency-key": "k1",
				"last-event-id": "e:7",
			},
		]);
		expect(seen[1]!.method).toBe("GET");
	});

	it("brings the first token before the answer is complete, and every later one", async () => {
		const finish = Promise.withResolvers<void>();
		const door = await openDoor(async (_request, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write("data: 0\n\n");
			await finish.promise;
			for (let index = 1; index < 100; index++) {
				response.write(`data: ${index}\n\n`);
			}
			response.end();
		});
		const reader = (await ask(door)).body!.pipeThrough(new TextDecoderStream()).getReader();
		expect((await reader.read()).value).toBe("data: 0\n\n");
		finish.resolve();
		let rest = "";
		for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
			rest += piece.value;
		}
		expect(rest).toBe(Array.from({ length: 99 }, (_, index) => `data: ${index + 1}\n\n`).join(""));
	});

	it.each([
		["leaves while the answer streams", (_abort: AbortController, response: Response) => response.body!.cancel()],
		["is aborted", (abort: AbortController) => abort.abort()],
	])("is cut at the door when the browser %s", async (_name, leave) => {
		const cut = Promise.withResolvers<void>();
		const door = await openDoor((_request, response) => {
			response.on("close", cut.resolve);
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write("data: 0\n\n");
		});
		const abort = new AbortController();
		const response = await ask(door, { signal: abort.signal });
		await leave(abort, response);
		await cut.promise;
	});

	it("breaks off when the door's answer does, so that a part is never taken for the whole", async () => {
		const door = await openDoor((_request, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write("data: 0\n\n", () => response.destroy());
		});
		await expect((await ask(door)).text()).rejects.toThrow();
	});
});

describe("time", () => {
	afterEach(() => void vi.useRealTimers());

	it("does not end a stream of events that goes on", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const goOn = Promise.withResolvers<void>();
		const door = await openDoor(async (_request, response) => {
			response.writeHead(200, { "content-type": "text/event-stream" });
			response.write("data: 1\n\n");
			await goOn.promise;
			response.end("data: 2\n\n");
		});
		const reader = (await ask(door, { method: "GET" })).body!.pipeThrough(new TextDecoderStream()).getReader();
		expect((await reader.read()).value).toBe("data: 1\n\n");
		vi.advanceTimersByTime(10 * 60_000);
		goOn.resolve();
		expect((await reader.read()).value).toBe("data: 2\n\n");
	});

	it("ends a read that the host does not answer", async () => {
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		const asked = Promise.withResolvers<void>();
		const door = await openDoor(() => asked.resolve());
		const answer = ask(door, { method: "GET" });
		await asked.promise;
		vi.advanceTimersByTime(20_000);
		expect(await errorOf(await answer)).toEqual([504, "timeout"]);
	});
});

describe("a door that cannot be used", () => {
	it("because nothing listens there is an unreachable host", async () => {
		const door = await openDoor(() => undefined);
		closers.splice(0).forEach((close) => void close());
		expect(await errorOf(await ask(door))).toEqual([502, "host_unreachable"]);
	});

	it.each([
		["a tunnel's own error page", 530, "text/html", "<h1>Tunnel error</h1>"],
		["a sign-in page of something in between", 302, "text/html", ""],
		["a redirect that claims to be data", 307, "application/json", "{}"],
	])("because %s answers is an unreachable host", async (_name, status, contentType, body) => {
		const door = await openDoor((_request, response) =>
			response.writeHead(status, { "content-type": contentType, location: "https://elsewhere.example" }).end(body),
		);
		expect(await errorOf(await ask(door))).toEqual([502, "host_unreachable"]);
	});

	it.each([
		["application/json, text/html", 200, "application/json"],
		["Application/JSON; charset=utf-8, text/html", 200, "application/json"],
		["text/event-stream; x, text/html; charset=utf-8", 200, "text/event-stream"],
		["application/json-patch", 502, "application/json"],
		["application/json/text/html", 502, "application/json"],
	])("never has its answer shown as a page: %s", async (contentType, status, told) => {
		const door = await openDoor((_request, response) => response.writeHead(200, { "content-type": contentType }).end("<script>1</script>"));
		const answer = await ask(door, { method: "GET" });
		expect([answer.status, answer.headers.get("content-type")]).toEqual([status, told]);
	});

	it("because its name leads into this server's own network is an unreachable host, and hears nothing", async () => {
		let heard = 0;
		const door = await openDoor((_request, response) => {
			heard += 1;
			response.writeHead(200, { "content-type": "application/json" }).end("{}");
		});
		const named = door.replace("127.0.0.1", "localhost");
		expect(await errorOf(await ask(named, { method: "GET", allowsPrivate: false }))).toEqual([502, "host_unreachable"]);
		expect(heard).toBe(0);
		expect((await ask(named, { method: "GET" })).status).toBe(200);
	});

	it("because it hangs up is an unreachable host", async () => {
		const door = await openDoor((request) => request.socket.destroy());
		expect(await errorOf(await ask(door))).toEqual([502, "host_unreachable"]);
	});
});

it("refuses a request that is too large", async () => {
	const door = await openDoor((request, response) => {
		request.resume();
		request.on("end", () => response.end("{}"));
	});
	expect(await errorOf(await ask(door, { body: streamOf("x".repeat(5 * 1024 * 1024)) }))).toEqual([413, "payload_too_large"]);
});

it("passes an error of the door on as it is", async () => {
	const door = await openDoor((_request, response) =>
		response.writeHead(403, { "content-type": "application/json; charset=utf-8" }).end('{"error":{"code":"forbidden","message":"No."}}'),
	);
	expect(await errorOf(await ask(door))).toEqual([403, "forbidden"]);
});
