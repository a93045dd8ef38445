import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { streamCloseCodes, streamFrameLimitBytes } from "@opta/contracts/schema/lmx-stream";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { afterEach, describe, expect, it } from "vitest";
import { FakeProvider, saying } from "../../testing/fake-backend.ts";
import { type RouteServer, startRouteServer } from "../../testing/route-server.ts";
import { acceptUpgrades } from "./accept-upgrades.ts";
import type { ChatSocketLimits } from "./chat-socket.ts";
import { defaultChatSocketLimits, streamRoute } from "./stream-route.ts";

const messages = [{ role: "user", content: "Hi" }];
const servers: RouteServer[] = [];

afterEach(async () => {
	for (const server of servers.splice(0)) {
		await server.close();
	}
});

async function start(limits: Partial<ChatSocketLimits> = {}): Promise<{ models: FakeProvider; server: RouteServer; url: string }> {
	const models = new FakeProvider();
	const routes = streamRoute(models, { ...defaultChatSocketLimits, ...limits });
	const withUpgrades: FastifyPluginAsyncZod = async (app) => {
		await acceptUpgrades(app);
		await app.register(routes);
	};
	const server = await startRouteServer(withUpgrades);
	servers.push(server);
	return { models, server, url: `${server.url.replace("http", "ws")}/v1/chat/stream` };
}

/** A client, and all frames that it got. */
async function open(url: string): Promise<{ socket: WebSocket; frames: { type: string; id: string }[]; types(id: string): string[] }> {
	const socket = new WebSocket(url);
	const frames: { type: string; id: string }[] = [];
	socket.addEventListener("message", ({ data }) => frames.push(JSON.parse(data)));
	await once(socket, "open");
	return { socket, frames, types: (id) => frames.filter((frame) => frame.id === id).map(({ type }) => type) };
}

/** A client that speaks the protocol as far as the handshake and then only as the test says. */
async function openRaw(server: RouteServer): Promise<Socket> {
	const { port } = new URL(server.url);
	const socket = connect(Number(port), "127.0.0.1");
	const lines = ["GET /v1/chat/stream HTTP/1.1", `Host: 127.0.0.1:${port}`, "Connection: Upgrade", "Upgrade: websocket"];
	socket.write([...lines, "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==", "", ""].join("\r\n"));
	await once(socket, "data");
	return socket;
}

/** A text frame of a client (RFC 6455, 5.2) with the mask zero. */
function textFrame(text: string): Buffer {
	const payload = Buffer.from(text);
	const head = Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 255, 0, 0, 0, 0]);
	return Buffer.concat([head, payload]);
}

describe("WS /v1/chat/stream", () => {
	it("carries many chats at the same time", async () => {
		const { models, url } = await start();
		const { socket, frames, types } = await open(url);
		models.backend.script = ({ seed }) => saying(...Array.from({ length: seed ?? 0 }, (_, index) => `${seed}.${index} `));
		for (const id of [1, 2, 3, 4, 5]) {
			socket.send(JSON.stringify({ id: `${id}`, messages, seed: id }));
		}
		await expect.poll(() => frames.filter(({ type }) => type === "done")).toHaveLength(5);
		for (const id of [1, 2, 3, 4, 5]) {
			expect(types(`${id}`)).toEqual(["accepted", ...Array.from({ length: id }, () => "delta"), "done"]);
		}
		expect(new Set(models.backend.chats.map(({ call }) => call.requestId)).size).toBe(5);
		socket.close();
	});

	it("cancels one chat, in the engine too, and lets the others go on", async () => {
		const { models, url } = await start();
		models.backend.script = () => [{ delta: { content: "a" } }, "hold", { finish: "stop" }];
		const { socket, types } = await open(url);
		socket.send(JSON.stringify({ type: "create", id: "one", messages }));
		socket.send(JSON.stringify({ type: "create", id: "two", messages, priority: "high" }));
		await expect
			.poll(() => [types("one"), types("two")])
			.toEqual([
				["accepted", "delta"],
				["accepted", "delta"],
			]);
		socket.send(JSON.stringify({ type: "cancel", id: "one" }));
		await expect.poll(() => types("one")).toEqual(["accepted", "delta", "error"]);
		expect([models.backend.cancelled, models.held]).toEqual([1, 1]);
		models.backend.resume();
		await expect.poll(() => types("two").at(-1)).toBe("done");
		expect(models.backend.chats[1]?.call.priority).toBe("high");
		socket.close();
	});

	it("cancels all chats of a socket that closes", async () => {
		const { models, url } = await start();
		models.backend.script = () => ["hold"];
		const { socket, frames } = await open(url);
		socket.send(JSON.stringify({ messages }));
		socket.send(JSON.stringify({ messages }));
		await expect.poll(() => frames.length).toBe(2);
		socket.close();
		await expect.poll(() => [models.backend.cancelled, models.held, models.backend.running]).toEqual([2, 0, 0]);
	});

	it("closes a client that does not read, and nobody else", async () => {
		const { models, server, url } = await start({ bufferedBytes: 64 * 1024 });
		const flood = Array.from({ length: 2000 }, () => "x".repeat(50_000));
		models.backend.script = ({ seed }) => (seed === 1 ? saying(...flood) : ["hold", ...saying("fine")]);
		const quick = await open(url);
		quick.socket.send(JSON.stringify({ id: "quick", messages }));
		await expect.poll(() => quick.types("quick")).toEqual(["accepted"]);
		const slow = await openRaw(server);
		slow.pause();
		slow.write(textFrame(JSON.stringify({ id: "slow", messages, seed: 1 })));
		await expect.poll(() => models.backend.cancelled, { timeout: 10_000 }).toBe(1);
		let tail = Buffer.alloc(0);
		slow.on("data", (data) => {
			tail = Buffer.concat([tail, data]).subarray(-200);
		});
		slow.resume();
		await expect.poll(() => tail.includes("more slowly")).toBe(true);
		const code = tail.readUInt16BE(tail.indexOf("The client reads") - 2);
		expect(code).toBe(streamCloseCodes.slowReader);
		models.backend.resume();
		await expect.poll(() => quick.types("quick")).toEqual(["accepted", "delta", "done"]);
		quick.socket.close();
		slow.destroy();
	}, 30_000);

	it("hangs up on a client that answers no ping, and keeps one that does", async () => {
		const { server, url } = await start({ heartbeatMs: 50 });
		const alive = await open(url);
		const dead = await openRaw(server);
		await once(dead, "close");
		alive.socket.send(JSON.stringify({ type: "ping" }));
		await expect.poll(() => alive.frames).toEqual([{ type: "pong" }]);
		alive.socket.close();
	});

	it("refuses binary and oversized frames with a code", async () => {
		const { url } = await start();
		const binary = await open(url);
		binary.socket.send(new Uint8Array([1]));
		const [closed] = (await once(binary.socket, "close")) as [CloseEvent];
		expect(closed.code).toBe(streamCloseCodes.notText);
		const large = await open(url);
		large.socket.send("x".repeat(streamFrameLimitBytes + 1));
		const [tooLarge] = (await once(large.socket, "close")) as [CloseEvent];
		expect(tooLarge.code).toBe(1009);
	});

	it("bounds the chats of a socket and the sockets of the server", async () => {
		const { models, server, url } = await start({ requests: 1, sockets: 1 });
		models.backend.script = () => ["hold"];
		const { socket, frames } = await open(url);
		socket.send(JSON.stringify({ id: "a", messages }));
		socket.send(JSON.stringify({ id: "b", messages }));
		await expect.poll(() => frames.find(({ id }) => id === "b")).toMatchObject({ type: "error", error: { code: "queue_full" } });
		const second = new WebSocket(url);
		await once(second, "error");
		socket.close();
		await expect.poll(() => models.held).toBe(0);
		const { socket: third } = await open(url);
		third.close();
		expect((await server.ask("/v1/chat/stream")).status).toBe(400);
	});
});
