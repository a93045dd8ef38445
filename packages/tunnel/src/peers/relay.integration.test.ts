import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { devicePassHeader } from "@opta/contracts/reach";
import { peerListSchema } from "@opta/contracts/schema/peers";
import { afterEach, describe, expect, it } from "vitest";
import type { BenchDevice } from "../testing/bench-device.ts";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";

let bench: DoorBench;
afterEach(() => bench.close());

const stream = "/v3/sessions/0198-ab/stream";

function codeOf(body: string): string {
	return JSON.parse(body).error.code;
}

async function nextChunk(answer: IncomingMessage): Promise<string> {
	const [chunk] = await once(answer, "data");
	return String(chunk);
}

/** Opens a stream of events at the device, after its first event; both ends of it. */
async function follow(device: BenchDevice): Promise<{ answer: IncomingMessage; response: ServerResponse; leave: () => void }> {
	const reached = new Promise<ServerResponse>((resolve) => device.daemon.answerWith((_incoming, response) => resolve(response)));
	const outgoing = bench.open({ path: device.path(stream), headers: await device.headers() });
	outgoing.on("error", () => undefined).end();
	const response = await reached;
	response.writeHead(200, { "content-type": "text/event-stream" }).write("data: one\n\n");
	const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
	expect(await nextChunk(answer)).toBe("data: one\n\n");
	return { answer, response, leave: () => outgoing.destroy() };
}

describe("a request to the daemon of a joined device", () => {
	it("arrives there with the pass for the device alone, what its client says of itself, and the daemon's own host", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const headers = await device.headers();
		const answer = await bench.send({
			method: "POST",
			path: device.path("/v3/sessions/0198-ab/turns?after=3"),
			headers: {
				...headers,
				"content-type": "application/json",
				"idempotency-key": "k1",
				"last-event-id": "e:7",
				dpop: "the proof",
				"x-opta-client-id": "0192f0c1-2345-7abc-8def-0123456789ab",
				"x-opta-client-name": "phone",
				"x-opta-user-id": "somebody else",
				"x-opta-role": "owner",
				"x-forwarded-for": "127.0.0.1",
				"cf-connecting-ip": "127.0.0.1",
				cookie: "a=b",
			},
			body: '{"text":"hi"}',
		});
		expect(answer).toMatchObject({ status: 200, body: '{"ok":true}', headers: { "content-type": "application/json" } });
		const [received] = device.daemon.received;
		expect(received).toMatchObject({ method: "POST", target: "/v3/sessions/0198-ab/turns?after=3" });
		const {
			"x-request-id": requestId,
			"content-length": _length,
			"transfer-encoding": _chunks,
			connection: _own,
			...rest
		} = received!.headers;
		expect(rest).toEqual({
			host: "127.0.0.1",
			authorization: `Bearer ${headers[devicePassHeader]}`,
			"content-type": "application/json",
			"idempotency-key": "k1",
			"last-event-id": "e:7",
			dpop: "the proof",
			"x-opta-client-id": "0192f0c1-2345-7abc-8def-0123456789ab",
			"x-opta-client-name": "phone",
		});
		expect(answer.headers["x-request-id"]).toBe(requestId);
		expect(JSON.stringify(received)).not.toContain(headers.authorization?.split(".").at(-1));
	});

	it("goes to the daemon beside the host in the same way", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const headers = await device.headers();
		expect((await bench.send({ path: "/v3/sessions?archived=1", headers })).status).toBe(200);
		expect(bench.daemon.received).toMatchObject([
			{ target: "/v3/sessions?archived=1", headers: { authorization: `Bearer ${headers[devicePassHeader]}` } },
		]);
		expect(bench.daemon.received[0]!.headers["x-opta-role"]).toBeUndefined();
	});

	it("needs a pass for the device beside the one for the host", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const { authorization = "" } = await device.headers();
		for (const path of [device.path("/v3/sessions"), "/v3/sessions"]) {
			const answer = await bench.send({ path, headers: { authorization } });
			expect([answer.status, codeOf(answer.body)]).toEqual([401, "invalid_pass"]);
			expect(JSON.parse(answer.body).error.message).toContain(devicePassHeader);
		}
		expect(device.daemon.received).toEqual([]);
	});

	it("streams events as they come, and reaches the device's own end of it when its client leaves", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const { answer, response, leave } = await follow(device);
		for (const event of ["data: zwei\n\n", ": alive\n\n", "data: three\n\n"]) {
			response.write(event);
			expect(await nextChunk(answer)).toBe(event);
		}
		leave();
		await once(response, "close");
		expect(response.writableFinished).toBe(false);
		await expect.poll(() => device.link.streamCount()).toBe(0);
	});

	it("is broken off, not ended, when the link is lost in the middle; the device shows as gone with when it was seen", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const { answer } = await follow(device);
		device.link.close({ cause: "lost", message: "The laptop was shut." });
		await expect(once(answer, "end")).rejects.toThrow("aborted");
		const offline = await bench.send({ path: device.path(stream), headers: await device.headers() });
		expect([offline.status, codeOf(offline.body)]).toEqual([503, "peer_offline"]);
		expect(offline.headers["retry-after"]).toMatch(/^\d+$/);
		const seenAt = Date.parse(JSON.parse(offline.body).error.details.lastSeenAt);
		expect(Math.abs(Date.now() - seenAt)).toBeLessThan(60_000);
	});

	it("runs beside five others, each at its own pace: one that is not read holds none of them up", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const streams = [];
		for (let count = 0; count < 6; count++) {
			streams.push(await follow(device));
		}
		streams[0]!.answer.pause();
		streams[0]!.response.write(Buffer.alloc(32 * 1024 * 1024));
		for (let round = 0; round < 20; round++) {
			for (const { answer, response } of streams.slice(1)) {
				response.write(`data: ${round}\n\n`);
				expect(await nextChunk(answer)).toBe(`data: ${round}\n\n`);
			}
		}
		expect(streams[0]!.response.writableNeedDrain).toBe(true);
		for (const { leave } of streams) {
			leave();
		}
		await expect.poll(() => device.link.streamCount()).toBe(0);
	});

	it("is refused with a time to wait when as much is under way at the device as may be", async () => {
		bench = await openDoorBench({ limits: { maxStreamsPerPeer: 2 } });
		const device = await bench.joinDevice();
		const [first] = [await follow(device), await follow(device)];
		const full = await bench.send({ path: device.path("/v3/sessions"), headers: await device.headers() });
		expect([full.status, codeOf(full.body), Number(full.headers["retry-after"]) > 0]).toEqual([503, "unavailable", true]);
		first.leave();
		await expect.poll(() => device.link.streamCount()).toBe(1);
		device.daemon.answerWith((_incoming, response) => response.end());
		const ask = async () => (await bench.send({ path: device.path("/v3/sessions"), headers: await device.headers() })).status;
		await expect.poll(ask).toBe(200);
	});
});

describe("whose device it is", () => {
	it("decides who finds it: other members get the answer of a device that does not exist", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const other = await bench.joinDevice();
		const headers = { ...(await device.headers()), authorization: `Bearer ${await bench.passes.make("owner")}` };
		const foreign = await bench.send({ path: device.path("/v3/sessions"), headers });
		const unknown = await bench.send({ path: `/peers/${randomUUID()}/v3/sessions`, headers });
		expect([foreign.status, codeOf(foreign.body)]).toEqual([404, "not_found"]);
		expect(foreign.body).toBe(unknown.body);
		device.link.close({ cause: "closed", message: "Good night." });
		await expect.poll(() => bench.peers.count()).toBe(1);
		expect((await bench.send({ path: device.path("/v3/sessions"), headers })).body).toBe(unknown.body);
		const list = async (sub: string) => {
			const answer = await bench.send({ path: "/peers", pass: await bench.passes.make("viewer", { claims: { sub } }) });
			return peerListSchema.parse(JSON.parse(answer.body)).peers.map(({ deviceId, connected }) => ({ deviceId, connected }));
		};
		expect(await list(device.sub)).toEqual([{ deviceId: device.deviceId, connected: false }]);
		expect(await list(other.sub)).toEqual([{ deviceId: other.deviceId, connected: true }]);
		expect(await list(randomUUID())).toEqual([]);
	});

	it("decides which revocation ends its link, and what began on it", async () => {
		bench = await openDoorBench();
		const [device, other] = [await bench.joinDevice(), await bench.joinDevice()];
		const { answer } = await follow(device);
		const broken = expect(once(answer, "end")).rejects.toThrow("aborted");
		expect(bench.revoke([{ sub: device.sub, since: Math.floor(Date.now() / 1000) + 1 }])).toBe(2);
		expect(await device.link.ended).toMatchObject({ cause: "revoked" });
		await broken;
		expect((await bench.send({ path: other.path("/v3/sessions"), headers: await other.headers() })).status).toBe(200);
	});
});

describe("joining", () => {
	it("again replaces the older link of the same device, and requests go to the newer one", async () => {
		bench = await openDoorBench();
		const first = await bench.joinDevice();
		const { answer } = await follow(first);
		const broken = expect(once(answer, "end")).rejects.toThrow("aborted");
		const second = await bench.joinDevice({ sub: first.sub, deviceId: first.deviceId });
		expect(await first.link.ended).toMatchObject({ cause: "replaced" });
		await broken;
		expect((await bench.send({ path: second.path("/v3/sessions"), headers: await second.headers() })).status).toBe(200);
		expect([second.daemon.received.length, bench.peers.count()]).toEqual([1, 1]);
		expect((await bench.send({ path: "/peers", headers: await second.headers() })).body).toContain('"connected":true');
	});

	it("is refused beyond the links that a person may have, and beyond all", async () => {
		bench = await openDoorBench({ peerLimits: { maxLinks: 3, maxLinksPerPerson: 2 } });
		const sub = randomUUID();
		const device = await bench.joinDevice({ sub });
		await bench.joinDevice({ sub });
		expect(await bench.tryToJoin({ sub })).toMatchObject({
			ok: false,
			cause: "refused",
			message: expect.stringContaining("try again later"),
		});
		await bench.joinDevice({ sub, deviceId: device.deviceId });
		await bench.joinDevice();
		expect(await bench.tryToJoin()).toMatchObject({ ok: false, cause: "refused" });
		expect(bench.peers.count()).toBe(3);
	});

	it("needs a ticket that names the device, by that device's key", async () => {
		bench = await openDoorBench();
		const [victim, sub] = [await bench.joinDevice(), randomUUID()];
		const refused = { ok: false, cause: "refused" };
		expect(await bench.tryToJoin({ ticket: { claims: { deviceId: undefined } } })).toMatchObject(refused);
		expect(await bench.tryToJoin({ ticket: { claims: { cnf: undefined } } })).toMatchObject(refused);
		expect(await bench.tryToJoin({ ticket: { claims: { cnf: { jkt: "a".repeat(43) } } } })).toMatchObject(refused);
		expect(await bench.tryToJoin({ sub, link: { deviceId: victim.deviceId } })).toMatchObject(refused);
		expect(
			await bench.tryToJoin({ sub: victim.sub, deviceId: victim.deviceId, ticket: { claims: { cnf: { jkt: "a".repeat(43) } } } }),
		).toMatchObject(refused);
		expect((await bench.send({ path: victim.path("/v3/sessions"), headers: await victim.headers() })).status).toBe(200);
		expect(bench.peers.count()).toBe(1);
	});

	it("lets no stream begin at the device: what it asks on one of its own reaches nobody", async () => {
		bench = await openDoorBench();
		const device = await bench.joinDevice();
		const opened = device.link.openStream();
		const refused = expect(once(opened, "end")).rejects.toThrow("takes no streams");
		opened.write("GET /admin/status HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
		await refused;
		expect([bench.received, bench.daemon.received]).toEqual([[], []]);
		expect((await bench.send({ path: device.path("/v3/sessions"), headers: await device.headers() })).status).toBe(200);
	});
});
