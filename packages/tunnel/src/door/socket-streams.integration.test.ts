import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { chatSocketProtocol } from "@opta/contracts/reach";
import { afterEach, describe, expect, it } from "vitest";
import type { WebSocket } from "ws";
import type { BenchDevice } from "../testing/bench-device.ts";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";
import type { UpgradeAnswer } from "../testing/open-socket.ts";

const path = "/v1/chat/stream";

let bench: DoorBench;
afterEach(() => bench.close());

async function dial(sub: string = randomUUID()): Promise<UpgradeAnswer> {
	const ticket = await bench.passes.makeTicket({ path, origin: null }, { claims: { role: "user", sub } });
	return bench.openSocket({ path, ticket, protocols: [chatSocketProtocol] });
}

/** An open WebSocket and LMX's end of it. */
async function openChat(sub?: string): Promise<{ client: WebSocket; target: WebSocket }> {
	const reached = new Promise<WebSocket>((resolve) => bench.lmx.talkWith(resolve));
	const answer = await dial(sub);
	if (!answer.ok) {
		throw new Error(`refused with ${answer.status} ${answer.code}`);
	}
	return { client: answer.socket, target: await reached };
}

const origin = "https://lmx.optalocal.com";

async function dialDevice(device: BenchDevice): Promise<UpgradeAnswer> {
	const asked = device.path("/v3/ws");
	const ticket = await bench.passes.makeTicket({ path: asked, origin }, { claims: { sub: device.sub } });
	const deviceTicket = await bench.passes.makeTicket({ path: "/v3/ws", origin }, { claims: { aud: `device:${device.deviceId}` } });
	return bench.openSocket({ path: asked, ticket, deviceTicket, protocols: ["opta.daemon.v3"], origin });
}

function closeCode(socket: WebSocket): Promise<number> {
	return new Promise((resolve) => socket.once("close", resolve));
}

describe("a WebSocket through the door", () => {
	it("carries frames both ways as they come, pings, and the code of its end", async () => {
		bench = await openDoorBench();
		const { client, target } = await openChat();
		for (const text of ["one", "zwölf", "x".repeat(60_000)]) {
			client.send(text);
			expect(String((await once(target, "message"))[0])).toBe(text);
			target.send(text);
			expect(String((await once(client, "message"))[0])).toBe(text);
		}
		const pong = once(target, "pong");
		target.ping("still there?");
		expect(String((await pong)[0])).toBe("still there?");
		target.close(4008, "slow");
		expect(await closeCode(client)).toBe(4008);
	});

	it("carries the first frames of a client and a target that do not wait", async () => {
		bench = await openDoorBench();
		bench.lmx.talkWith((socket) => {
			socket.send("first");
			socket.on("message", (data) => socket.send(String(data)));
		});
		const ticket = await bench.passes.makeTicket({ path, origin: null }, { claims: { role: "user" } });
		const lines = [
			...[`GET ${path} HTTP/1.1`, "host: 127.0.0.1", "connection: upgrade", "upgrade: websocket", "sec-websocket-version: 13"],
			...["sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==", `sec-websocket-protocol: ${chatSocketProtocol}, opta.ticket.${ticket}`],
		];
		const socket = connect(bench.doorPort, "127.0.0.1");
		// A text frame, masked with zeros (RFC 6455 §5.2), in the same bytes as the head.
		socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from([0x81, 0x82, 0, 0, 0, 0]), Buffer.from("hi")]));
		let got = Buffer.alloc(0);
		socket.on("data", (piece: Buffer) => {
			got = Buffer.concat([got, piece]);
		});
		await expect.poll(() => got.includes("hi")).toBe(true);
		const frames = Buffer.concat([Buffer.from([0x81, 5]), Buffer.from("first"), Buffer.from([0x81, 2]), Buffer.from("hi")]);
		expect(got.subarray(-frames.length)).toEqual(frames);
		socket.destroy();
	});

	it("is not compressed, whatever the client offers", async () => {
		bench = await openDoorBench();
		const { client } = await openChat();
		expect(client.extensions).toBe("");
		expect(bench.received[0]?.headers["sec-websocket-extensions"]).toBeUndefined();
		client.terminate();
	});

	it("that sends a frame larger than the target takes is closed by the target, and was never held whole", async () => {
		bench = await openDoorBench();
		const { client, target } = await openChat();
		const ends = [closeCode(client), closeCode(target)];
		client.on("error", () => undefined).send(Buffer.alloc(64 * 1024 * 1024));
		expect(await Promise.all(ends)).toEqual([1006, 1006]);
		await expect.poll(() => bench.logs.at(-1)).toMatchObject({ outcome: "closed" });
		expect(bench.logs.at(-1)?.bytes).toBeLessThan(16 * 1024 * 1024);
	});

	it("ends at the target at once when its client is gone, and at the client when the target is", async () => {
		bench = await openDoorBench();
		const first = await openChat();
		first.client.terminate();
		expect(await closeCode(first.target)).toBe(1006);
		const second = await openChat();
		second.target.terminate();
		expect(await closeCode(second.client)).toBe(1006);
	});

	it("holds the target back while its client does not read, and is cut when that lasts; others do not notice", async () => {
		bench = await openDoorBench({ limits: { readerStallMs: 300 } });
		const slow = await openChat();
		const other = await openChat();
		slow.client.pause();
		const ended = closeCode(slow.target);
		slow.target.send(Buffer.alloc(32 * 1024 * 1024));
		expect(slow.target.bufferedAmount).toBeGreaterThan(8 * 1024 * 1024);
		other.target.send("hello");
		expect(String((await once(other.client, "message"))[0])).toBe("hello");
		expect(await ended).toBe(1006);
		other.client.terminate();
		slow.client.terminate();
	});

	it("is cut when both ends are silent for too long", async () => {
		bench = await openDoorBench({ limits: { streamIdleTimeoutMs: 200 } });
		const { client, target } = await openChat();
		expect(await Promise.all([closeCode(client), closeCode(target)])).toEqual([1006, 1006]);
		await expect.poll(() => bench.logs.at(-1)).toMatchObject({ outcome: "closed", reason: "silent for too long" });
	});

	it("is cut when its person's passes are revoked: what the client sends after that reaches nobody; other people's go on", async () => {
		bench = await openDoorBench();
		const [sub, other] = [await randomUUID(), randomUUID()];
		const [revoked, kept] = [await openChat(sub), await openChat(other)];
		const received: string[] = [];
		revoked.target.on("message", (data) => received.push(String(data)));
		const ends = [closeCode(revoked.client), closeCode(revoked.target)];
		expect(bench.revoke([{ sub, since: Math.floor(Date.now() / 1000) + 1 }])).toBe(1);
		revoked.client.send("too late");
		expect(await Promise.all(ends)).toEqual([1006, 1006]);
		expect(received).toEqual([]);
		kept.client.send("still here");
		expect(String((await once(kept.target, "message"))[0])).toBe("still here");
		expect(await dial(sub)).toMatchObject({ ok: false, status: 401 });
		kept.client.terminate();
	});

	it("is refused with a time to wait when there are as many as may be, of one person or of all", async () => {
		bench = await openDoorBench({ limits: { maxSockets: 3, maxSocketsPerPerson: 2 } });
		const sub = randomUUID();
		const open = [await openChat(sub), await openChat(sub)];
		const full = { ok: false, status: 503, code: "unavailable", headers: { "retry-after": expect.stringMatching(/^\d+$/) } };
		expect(await dial(sub)).toMatchObject(full);
		open.push(await openChat());
		expect(await dial()).toMatchObject(full);
		for (const { client, target } of open) {
			client.terminate();
			await once(target, "close");
		}
		await expect.poll(async () => (await dial(sub)).ok).toBe(true);
	});
});

describe("the opening of a WebSocket at a target that is in trouble", () => {
	it("that is not there gives 502", async () => {
		bench = await openDoorBench();
		await bench.lmx.close();
		expect(await dial()).toMatchObject({ ok: false, status: 502, code: "host_unreachable" });
	});

	it("that does not answer gives 502 after a while", async () => {
		bench = await openDoorBench({ limits: { upgradeTimeoutMs: 200 } });
		bench.lmx.server.removeAllListeners("upgrade");
		bench.lmx.server.on("upgrade", (_request, socket) => socket.on("end", () => socket.end()).resume());
		expect(await dial()).toMatchObject({ ok: false, status: 502, code: "host_unreachable" });
	});

	it("that refuses is passed on with its status and words", async () => {
		bench = await openDoorBench();
		bench.lmx.server.removeAllListeners("upgrade");
		bench.lmx.server.on("upgrade", (_request, socket) =>
			socket.end(
				'HTTP/1.1 503 Full\r\nretry-after: 7\r\nset-cookie: a=b\r\ncontent-type: application/json\r\ncontent-length: 32\r\n\r\n{"error":{"code":"unavailable"}}',
			),
		);
		const answer = await dial();
		expect(answer).toMatchObject({ ok: false, status: 503, code: "unavailable", headers: { "retry-after": "7" } });
		expect(!answer.ok && answer.headers["set-cookie"]).toBeUndefined();
	});
});

describe("a WebSocket to the daemon of a joined device", () => {
	it("carries frames both ways and the origin of the page, and is cut when the link is lost", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const answer = await dialDevice(device);
		if (!answer.ok) {
			throw new Error(`refused with ${answer.status} ${answer.code}`);
		}
		answer.socket.send("zwölf");
		expect(String((await once(answer.socket, "message"))[0])).toBe("zwölf");
		expect(device.daemon.received).toMatchObject([{ target: "/v3/ws", headers: { host: "127.0.0.1", origin } }]);
		const ended = closeCode(answer.socket);
		device.link.close({ cause: "lost", message: "The laptop was shut." });
		expect(await ended).toBe(1006);
		expect(await dialDevice(device)).toMatchObject({ ok: false, status: 503, code: "peer_offline" });
	});

	it("of somebody else is not found", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		expect(await dialDevice({ ...device, sub: randomUUID() })).toMatchObject({ ok: false, status: 404, code: "not_found" });
		expect(device.daemon.received).toEqual([]);
	});
});
