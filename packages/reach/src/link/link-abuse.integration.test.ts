import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDeviceKey, publicDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { errorBody } from "@opta/contracts/error-body";
import { linkPath, linkProtocol } from "@opta/contracts/reach";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { type LinkBench, type LinkBenchOptions, openLinkBench } from "../testing/link-bench.ts";
import { encodeFrame } from "./frame.ts";
import { createOpener, createSealer } from "./frame-cipher.ts";
import { answerHandshake, beginHandshake } from "./handshake.ts";
import type { Link } from "./link.ts";
import { mostMessageBytes } from "./link-limits.ts";

const benches: LinkBench[] = [];
const clients: WebSocket[] = [];
afterEach(async () => {
	for (const client of clients.splice(0)) {
		client.terminate();
	}
	await Promise.all(benches.splice(0).map((bench) => bench.close()));
});

async function openBench(options: LinkBenchOptions = {}): Promise<LinkBench> {
	const bench = await openLinkBench(options);
	benches.push(bench);
	return bench;
}

/** A WebSocket to the host that speaks as the test likes. */
async function speakTo(url: string): Promise<WebSocket> {
	const socket = new WebSocket(`${url.replace("http", "ws")}${linkPath}`, linkProtocol);
	clients.push(socket);
	socket.on("error", () => undefined);
	await new Promise((resolve) => socket.once("open", resolve));
	return socket;
}

function nextMessage(socket: WebSocket): Promise<Buffer> {
	return new Promise((resolve) => socket.once("message", (data) => resolve(data as Buffer)));
}

function closeCode(socket: WebSocket): Promise<number> {
	return new Promise((resolve) => socket.once("close", resolve));
}

describe("a host", () => {
	it.each<[string, string | Buffer]>([
		["text", "hello"],
		["what is no handshake", Buffer.from("hello")],
		["nothing", Buffer.alloc(0)],
		["a message beyond every limit", Buffer.alloc(mostMessageBytes + 1)],
	])("takes nobody who begins with %s", async (_name, message) => {
		const bench = await openBench();
		const socket = await speakTo(bench.url);
		socket.send(message);
		expect(await bench.accepted()).toMatchObject({ ok: false });
		expect([1008, 1009]).toContain(await closeCode(socket));
	});

	it("waits only so long for who says nothing, or stops in between", async () => {
		const bench = await openBench({ accept: { timeoutMs: 100 } });
		const silent = await speakTo(bench.url);
		expect(await bench.accepted()).toEqual({ ok: false, reason: "The device did not join within 100 ms." });
		expect(await closeCode(silent)).toBe(1008);
		const ends = { hostId: bench.hostId, deviceId: bench.deviceId };
		const halfway = await speakTo(bench.url);
		halfway.send(Buffer.from((await beginHandshake(ends, bench.deviceKey, publicDeviceKey(bench.hostKey))).message));
		expect(await bench.accepted()).toEqual({ ok: false, reason: "The device did not join within 100 ms." });
	});

	it("takes no device but the one of the ticket", async () => {
		const bench = await openBench();
		const otherKey = await createDeviceKey();
		for (const changes of [{ deviceKey: otherKey }, { deviceId: bench.hostId }, { hostId: bench.deviceId }]) {
			const [joined, accepted] = await Promise.all([bench.join(changes), bench.accepted()]);
			expect(joined).toEqual({ ok: false, cause: "refused", message: "The device was not taken." });
			expect(accepted).toMatchObject({ ok: false });
		}
	});
});

describe("a device", () => {
	it("tells an impostor nothing of itself", async () => {
		const received: Buffer[] = [];
		const gone = Promise.withResolvers<void>();
		const wrongKey = await createDeviceKey();
		const bench = await openBench({
			answerWith: (socket) => {
				socket.on("close", gone.resolve);
				socket.on("message", async (data) => {
					received.push(data as Buffer);
					const { hostId, deviceId, deviceKey } = bench;
					const options = { ends: { hostId, deviceId }, hostKey: wrongKey, keyThumbprint: await thumbprintOf(deviceKey) };
					const answered = await answerHandshake(String(data), options);
					socket.send(Buffer.from(answered!.answer));
				});
			},
		});
		expect(await bench.join()).toMatchObject({ ok: false, cause: "impostor" });
		await gone.promise;
		expect(received).toHaveLength(1);
		expect(String(received[0])).not.toContain("Laptop");
	});

	it("says when nobody answers, or not in time, or when it was asked to stop", async () => {
		const silent = await openBench({ answerWith: () => undefined });
		expect(await silent.join({ timeoutMs: 100 })).toMatchObject({ ok: false, cause: "unreachable", message: /within 100 ms/ });
		const stop = new AbortController();
		const stopped = silent.join({ signal: stop.signal });
		stop.abort();
		expect(await stopped).toMatchObject({ ok: false, cause: "unreachable" });
		expect(await silent.join({ signal: AbortSignal.abort() })).toMatchObject({ ok: false, cause: "unreachable" });
		const closed = await openLinkBench();
		await closed.close();
		expect(await closed.join()).toMatchObject({ ok: false, cause: "unreachable", message: /ECONNREFUSED/ });
	});

	it("says what the host says instead of opening the link", async () => {
		const server = createServer();
		server.on("upgrade", (_request, socket) => {
			const body = JSON.stringify(errorBody("host_revoked", "The owner revoked this host."));
			socket.end(`HTTP/1.1 410 Gone\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
		});
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const bench = await openBench();
		const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		expect(await bench.join({ url })).toEqual({ ok: false, cause: "refused", message: "The owner revoked this host." });
		server.close();
	});

	it("takes nothing but an address, a ticket and a key", async () => {
		const bench = await openBench();
		expect(await bench.join({ url: "ftp://127.0.0.1" })).toMatchObject({ ok: false, cause: "unreachable" });
		expect(await bench.join({ ticket: "a, b" })).toMatchObject({ ok: false, cause: "refused" });
		const noPoint = { ...publicDeviceKey(bench.hostKey), x: "A".repeat(43) };
		expect(await bench.join({ hostKey: noPoint })).toMatchObject({ ok: false, cause: "impostor" });
	});

	/** A host with the right key that keeps to the handshake and then to nothing. */
	async function joinWildHost(say: (send: (frame: Buffer) => void, socket: WebSocket) => void, heartbeatMs = 25_000): Promise<Link> {
		const bench = await openBench({
			answerWith: async (socket) => {
				const { hostId, deviceId, deviceKey, hostKey } = bench;
				const join = nextMessage(socket);
				const options = { ends: { hostId, deviceId }, hostKey, keyThumbprint: await thumbprintOf(deviceKey) };
				const { answer, keys } = (await answerHandshake(String(await join), options))!;
				const [seal, open] = [createSealer(keys.toDevice), createOpener(keys.toHost)];
				const hello = nextMessage(socket);
				socket.send(Buffer.from(answer));
				expect(JSON.parse(String(open(await hello)))).toMatchObject({ name: "Laptop" });
				socket.send(seal(Buffer.alloc(0)));
				say((frame) => socket.send(seal(frame)), socket);
			},
		});
		const joined = await bench.join({ heartbeatMs, onStream: (stream) => stream.pause() });
		if (!joined.ok) {
			throw new Error(joined.message);
		}
		return joined.link;
	}

	it.each<[string, readonly Buffer[]]>([
		["an unknown frame", [Buffer.from([99, 0, 0, 0, 1])]],
		["an empty frame", [Buffer.alloc(0)]],
		["data for a stream that never was", [encodeFrame({ type: "data", streamId: 2, payload: Buffer.of(1) })]],
		["a stream with a number of the device", [encodeFrame({ type: "open", streamId: 1 })]],
		["a stream twice", [encodeFrame({ type: "open", streamId: 2 }), encodeFrame({ type: "open", streamId: 2 })]],
		["too much credit", [encodeFrame({ type: "open", streamId: 2 }), encodeFrame({ type: "credit", streamId: 2, bytes: 1 })]],
		[
			"more than the window",
			[
				encodeFrame({ type: "open", streamId: 2 }),
				...Array.from({ length: 24 }, () => encodeFrame({ type: "data", streamId: 2, payload: Buffer.alloc(16_384) })),
			],
		],
		["a goodbye in strange words", [encodeFrame({ type: "farewell", text: "bye" })]],
	])("ends the link at %s", async (_name, frames) => {
		const link = await joinWildHost((send) => frames.forEach(send));
		expect(await link.ended).toMatchObject({ cause: "broken" });
	});

	it("ends the link at a text", async () => {
		const link = await joinWildHost((_send, socket) => socket.send("hello"));
		expect(await link.ended).toMatchObject({ cause: "broken" });
	});

	it("ends the link at what is no WebSocket any more, and says that it was lost when it just stops", async () => {
		const oversized = await joinWildHost((_send, socket) => socket.send(Buffer.alloc(mostMessageBytes + 1)));
		expect(await oversized.ended).toMatchObject({ cause: "broken" });
		const cut = await joinWildHost((_send, socket) => socket.terminate());
		expect(await cut.ended).toMatchObject({ cause: "lost" });
	});

	it("gives a host up that shows no sign of life", async () => {
		const link = await joinWildHost(() => undefined, 30);
		const stream = link.openStream();
		expect(await link.ended).toMatchObject({ cause: "lost", message: /Nothing was heard/ });
		expect(stream.errored?.message).toMatch(/Nothing was heard/);
	});
});
