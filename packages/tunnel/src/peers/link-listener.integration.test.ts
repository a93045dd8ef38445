import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { linkPath, linkProtocol } from "@opta/contracts/reach";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";
import { openSocket, type SentUpgrade, type UpgradeAnswer } from "../testing/open-socket.ts";

let bench: DoorBench;
beforeEach(async () => {
	bench = await openDoorBench({ allowedHosts: ["attic.example.com"], linkLimits: { requestTimeoutMs: 300, maxConnections: 3 } });
});
afterEach(() => bench.close());

async function dial(sent: Partial<SentUpgrade> = {}): Promise<UpgradeAnswer> {
	const { path = linkPath } = sent;
	const ticket = await bench.passes.makeTicket({ path: linkPath, origin: null });
	return openSocket(bench.linkPort, { path, ticket, protocols: [linkProtocol], ...sent });
}

async function sendRaw(head: string): Promise<string> {
	const socket = connect(bench.linkPort, "127.0.0.1");
	await once(socket, "connect");
	socket.write(head);
	return text(socket);
}

describe("the listener on the host's own network", () => {
	it("takes in devices, which the door then finds", async () => {
		const device = await bench.joinDevice({ url: `http://127.0.0.1:${bench.linkPort}` });
		const answer = await bench.send({ path: device.path("/v3/sessions"), headers: await device.headers() });
		expect(answer).toMatchObject({ status: 200, body: '{"ok":true}' });
		const pass = await bench.passes.make("viewer", { claims: { sub: device.sub } });
		expect((await bench.send({ path: "/peers", pass })).body).toContain(device.deviceId);
	});

	it("answers nothing else, whoever asks", async () => {
		const authorization = `Bearer ${await bench.passes.make("owner")}`;
		for (const path of ["/", "/healthz", "/v1/models", "/peers", linkPath, "/self"]) {
			for (const method of ["GET", "POST"]) {
				const answer = await fetch(`http://127.0.0.1:${bench.linkPort}${path}`, { method, headers: { authorization } });
				expect(answer.status).toBe(404);
				expect(await answer.json()).toMatchObject({ error: { code: "not_found" } });
			}
		}
		for (const path of ["/v1/chat/stream", "/v3/ws", "/link/", "/link?x=1"]) {
			const ticket = await bench.passes.makeTicket({ path, origin: null });
			expect(await dial({ path, ticket })).toMatchObject({ ok: false, status: 404 });
		}
	});

	it("takes each ticket once, together with the door", async () => {
		const ticket = await bench.passes.makeTicket({ path: linkPath, origin: null });
		expect(await dial({ ticket })).toMatchObject({ ok: false, status: 403, code: "forbidden" });
		expect(await bench.openSocket({ path: linkPath, ticket, protocols: [linkProtocol] })).toMatchObject({ ok: false, status: 401 });
	});

	it("lets in no page, and nobody without a ticket", async () => {
		expect(await dial({ origin: "http://192.168.1.10:8789" })).toMatchObject({ ok: false, status: 401 });
		expect(await dial({ ticket: await bench.passes.make("owner") })).toMatchObject({ ok: false, status: 401 });
		expect(await openSocket(bench.linkPort, { path: linkPath, protocols: [linkProtocol] })).toMatchObject({ ok: false, status: 401 });
	});

	it.each(["192.168.1.10:8789", "[fd00::1]:8789", "mono512:8789", "Mono512.local:8789", "attic.example.com", "localhost"])(
		"answers to %s",
		async (host) => {
			// The ticket is no device's: that it is looked at shows that the name was good.
			expect(await dial({ headers: { host } })).toMatchObject({ ok: false, status: 403, code: "forbidden" });
		},
	);

	it.each(["evil.com", "mono512.evil.com", "192.168.1.10.evil.com", "mono512.local.evil.com", "0x7f.1", "2130706433"])(
		"does not answer to %s",
		async (host) => {
			expect(await dial({ headers: { host } })).toMatchObject({ ok: false, status: 403, code: "foreign_origin" });
		},
	);

	it("cuts connections that are slow to say what they want, and takes only so many", async () => {
		expect(await sendRaw("GET /link HTTP/1.1\r\nhost: 127.0.0.1\r\n")).toMatch(/^(?:HTTP\/1\.1 40[08] |$)/);
		const holders = Array.from({ length: 3 }, () => connect(bench.linkPort, "127.0.0.1"));
		await Promise.all(holders.map((holder) => once(holder, "connect")));
		expect(await sendRaw("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").catch(() => "")).toBe("");
		for (const holder of holders) {
			holder.destroy();
		}
		await expect.poll(() => sendRaw("GET / HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").catch(() => "")).toMatch(/^HTTP\/1\.1 404 /);
	});

	it.each([
		["without a ticket", `GET ${linkPath} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n`, 401],
		["with what is no request", "NONSENSE\r\n\r\n", 400],
	])("keeps no place for who comes %s and does not hang up", async (_how, head, status) => {
		const lingering = Array.from({ length: 3 }, () => connect({ port: bench.linkPort, host: "127.0.0.1", allowHalfOpen: true }));
		const answers = lingering.map((socket) => text(socket.on("error", () => undefined)));
		for (const socket of lingering) {
			socket.write(head);
		}
		for (const answer of await Promise.all(answers)) {
			expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
		}
		await expect.poll(() => dial().catch(() => null), { timeout: 4000 }).toMatchObject({ ok: false, code: "forbidden" });
		for (const socket of lingering) {
			socket.destroy();
		}
	});
});
