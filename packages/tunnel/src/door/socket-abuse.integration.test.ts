import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { chatSocketProtocol } from "@opta/contracts/reach";
import { exportSPKI, generateKeyPair, importJWK, UnsecuredJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type DoorBench, openDoorBench } from "../testing/door-bench.ts";
import type { SentUpgrade } from "../testing/open-socket.ts";

const path = "/v1/chat/stream";
const origin = "https://lmx.optalocal.com";
const protocols = [chatSocketProtocol];
const now = Math.floor(Date.now() / 1000);

let bench: DoorBench;
beforeAll(async () => {
	bench = await openDoorBench({ allowedHosts: ["mono512.example.com"] });
});
beforeEach(() => {
	bench.received.length = 0;
});
afterAll(() => bench.close());

const ticket = (claims = {}, changes = {}) =>
	bench.passes.makeTicket({ path, origin }, { claims: { role: "user", ...claims }, ...changes });

/** What the door answers, as text: `101`, or the status and code of its refusal. */
async function answerTo(sent: Partial<SentUpgrade>): Promise<string> {
	const answer = await bench.openSocket({ path, protocols, origin, ...sent });
	if (answer.ok) {
		answer.socket.close();
		await once(answer.socket, "close");
		return "101";
	}
	return `${answer.status} ${answer.code}`;
}

/** Bytes as they are, and everything that comes back. */
async function sendRaw(bytes: string): Promise<string> {
	const socket = connect(bench.doorPort, "127.0.0.1");
	await once(socket, "connect");
	socket.write(bytes);
	return text(socket);
}

const key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";

async function rawHandshake(headers: readonly string[], method = "GET"): Promise<string> {
	const offered = `sec-websocket-protocol: ${chatSocketProtocol}, opta.ticket.${await ticket()}`;
	const usual = ["host: 127.0.0.1", `origin: ${origin}`, "connection: upgrade", "upgrade: websocket", offered];
	return sendRaw(`${method} ${path} HTTP/1.1\r\n${[...usual, ...headers].join("\r\n")}\r\n\r\n`);
}

describe("a ticket", () => {
	it("opens what it was made for, from the page that it was made for", async () => {
		expect(await answerTo({ ticket: await ticket() })).toBe("101");
		expect(await answerTo({ ticket: await ticket(), headers: { host: "mono512.example.com" } })).toBe("101");
	});

	it("opens once, and only for the first of two who come at once", async () => {
		const used = await ticket();
		expect(await answerTo({ ticket: used })).toBe("101");
		expect(await answerTo({ ticket: used })).toBe("401 invalid_pass");
		const raced = await ticket();
		expect((await Promise.all([answerTo({ ticket: raced }), answerTo({ ticket: raced })])).sort()).toEqual(["101", "401 invalid_pass"]);
	});

	const worthless: [string, () => Promise<Partial<SentUpgrade>>][] = [
		["from another origin", async () => ({ ticket: await ticket(), origin: "https://evil.com" })],
		["from the same site under another scheme", async () => ({ ticket: await ticket(), origin: "http://lmx.optalocal.com" })],
		["from a page without an origin", async () => ({ ticket: await ticket(), origin: "null" })],
		["from a program, though it is a page's", async () => ({ path, protocols, ticket: await ticket(), headers: {} })],
		["from a page, though it is a program's", async () => ({ ticket: await ticket({ origin: null }) })],
		["for another path", async () => ({ ticket: await ticket({ path: "/v3/ws" }) })],
		["for the path above", async () => ({ ticket: await ticket({ path: "/v1/chat" }) })],
		["expired", async () => ({ ticket: await ticket({ iat: now - 60, exp: now - 30 }) })],
		["longer than tickets live", async () => ({ ticket: await ticket({ iat: now, exp: now + 60 }) })],
		["for another host", async () => ({ ticket: await ticket({ aud: `host:${randomUUID()}` }) })],
		["for a device", async () => ({ ticket: await ticket({ aud: `device:${randomUUID()}` }) })],
		["that is a pass", async () => ({ ticket: await bench.passes.make("owner", { claims: { path, origin } }) })],
		["without a use", async () => ({ ticket: await ticket({ path: undefined }) })],
		["by another key", async () => ({ ticket: await ticket({}, { key: (await generateKeyPair("ES256")).privateKey }) })],
		["by nobody (alg none)", async () => ({ ticket: `${new UnsecuredJWT({ path, origin, role: "owner" }).encode()}AA` })],
		[
			"HS256 with the public key as secret",
			async () => {
				const spki = await exportSPKI((await importJWK(bench.passes.publicJwk, "ES256")) as Parameters<typeof exportSPKI>[0]);
				return { ticket: await ticket({}, { header: { alg: "HS256" }, key: new TextEncoder().encode(spki) }) };
			},
		],
		["in the address", async () => ({ path: `${path}?ticket=${await ticket()}` })],
		[
			"in another header",
			async () => ({ headers: { authorization: `Bearer ${await ticket()}`, cookie: `opta.ticket=${await ticket()}` } }),
		],
		["twice, a good one first", async () => ({ ticket: await ticket(), protocols: [...protocols, "opta.ticket.a.b.c"] })],
		["beside two for a device", async () => ({ ticket: await ticket(), deviceTicket: "a.b.c", protocols: ["opta.device-ticket.d.e.f"] })],
		["beside more protocols than anybody needs", async () => ({ ticket: await ticket(), protocols: ["a", "b", "c", "d", "e"] })],
	];
	it.each(worthless)("is worth nothing %s", async (name, make) => {
		const sent = await make();
		const answer = name.startsWith("from a program") ? await bench.openSocket({ path, ...sent }) : await answerTo(sent);
		expect(typeof answer === "string" ? answer : !answer.ok && `${answer.status} ${answer.code}`).toBe("401 invalid_pass");
		expect(bench.received).toEqual([]);
	});

	it("that was refused for its use is not used up", async () => {
		const made = await ticket();
		expect(await answerTo({ ticket: made, origin: "https://evil.com" })).toBe("401 invalid_pass");
		expect(await answerTo({ ticket: made })).toBe("101");
	});

	it("does not help a name that is not the host's", async () => {
		for (const host of ["evil.com", "mono512.example.com.evil.com", "192.168.1.10:8788"]) {
			expect(await answerTo({ ticket: await ticket(), headers: { host } })).toBe("403 foreign_origin");
		}
		expect(bench.received).toEqual([]);
	});

	it("of a lower role does not open, and one for a device's socket needs a second one for the device", async () => {
		expect(await answerTo({ ticket: await ticket({ role: "viewer" }) })).toBe("403 forbidden");
		const use = { path: "/v3/ws", origin };
		expect(await answerTo({ path: "/v3/ws", protocols: ["opta.daemon.v3"], ticket: await bench.passes.makeTicket(use) })).toBe(
			"401 invalid_pass",
		);
	});
});

describe("a sub-protocol", () => {
	it("is the one that is spoken at the path, and offered: a ticket is never chosen", async () => {
		for (const offered of [[], ["opta.daemon.v3"], ["chat"]]) {
			expect(await answerTo({ ticket: await ticket(), protocols: offered })).toBe("400 invalid_request");
		}
		expect(await answerTo({ ticket: await ticket(), protocols: ["other", chatSocketProtocol] })).toBe("101");
		expect(bench.received.map(({ headers }) => headers["sec-websocket-protocol"])).toEqual([chatSocketProtocol]);
	});
});

describe("a path that only resembles a WebSocket's", () => {
	const statusOf = async (target: string, made: string): Promise<string> => {
		const head = ["host: 127.0.0.1", `origin: ${origin}`, "connection: upgrade", "upgrade: websocket", key, "sec-websocket-version: 13"];
		const offered = `sec-websocket-protocol: ${chatSocketProtocol}, opta.ticket.${made}`;
		return (await sendRaw(`GET ${target} HTTP/1.1\r\n${[...head, offered].join("\r\n")}\r\n\r\n`)).slice(0, 12);
	};

	it.each([
		...["//v1/chat/stream", "/v1/chat/stream/", "/V1/chat/stream", "/v1/./chat/stream", "/x/../v1/chat/stream", "/v1/chat/stream/.."],
		...["/link/", "/v1/models", "/v3", "/peers/..//v3/ws", "/peers/a/v3/sessions/ws", "/peers/a/../v3/ws"],
		...["/v1%2fchat/stream", "/v1/chat%2Fstream", "/v1/chat/stream?x=1", "/v1/chat/stream#x", "/v1\\chat/stream"],
		...["http://127.0.0.1/v1/chat/stream", "*"],
	])("%s opens nothing, with the ticket of another path or with one that names it", async (other) => {
		expect(await statusOf(other, await ticket())).toBe("HTTP/1.1 401");
		expect(await statusOf(other, await ticket({ path: other }))).toMatch(/^HTTP\/1\.1 40[14]$/);
		expect(bench.received).toEqual([]);
	});
});

describe("an opening that is none", () => {
	const version = "sec-websocket-version: 13";
	it.each([
		["an old version", [key, "sec-websocket-version: 8"]],
		["no key", [version]],
		["two keys", [key, "sec-websocket-key: eGhlIHNhbXBsZSBub25jZQ==", version]],
		["a short key", ["sec-websocket-key: YQ==", version]],
		["a body", [key, version, "content-length: 4"]],
		["chunks", [key, version, "transfer-encoding: chunked"]],
		["two origins", [key, version, "origin: https://evil.com"]],
		["two lines of protocols", [key, version, "sec-websocket-protocol: opta.ticket.a.b.c"]],
		["two hosts", [key, version, "host: evil.com"]],
	])("is refused: %s", async (_name, headers) => {
		expect(await rawHandshake(headers)).toMatch(/^HTTP\/1\.1 40[013] /);
		expect(bench.received).toEqual([]);
	});

	it("is refused: another method", async () => {
		expect(await rawHandshake([key, version], "POST")).toMatch(/^HTTP\/1\.1 400 /);
		expect(bench.received).toEqual([]);
	});

	it("is an ordinary request when it asks for another protocol than WebSocket", async () => {
		const answer = await bench.send({
			pass: await bench.passes.make("viewer"),
			headers: { connection: "upgrade, http2-settings", upgrade: "h2c", "http2-settings": "AAMAAABkAAQAoAAAAAIAAAAA" },
		});
		expect(answer.status).toBe(200);
		expect(bench.received[0]?.headers.upgrade).toBeUndefined();
	});
});

describe("headers of an opening", () => {
	it("reach the target only as far as a WebSocket needs them", async () => {
		const sub = randomUUID();
		await answerTo({
			ticket: await ticket({ sub }),
			headers: {
				...{ cookie: "a=b", "x-forwarded-for": "127.0.0.1", "cf-connecting-ip": "127.0.0.1", "x-opta-role": "owner" },
				...{ authorization: "Bearer a.b.c", "x-opta-user-id": "somebody else", "x-api-key": "secret" },
			},
		});
		const { host, "x-request-id": requestId, "sec-websocket-key": sentKey, ...headers } = bench.received[0]!.headers;
		expect(headers).toEqual({
			connection: "Upgrade",
			upgrade: "websocket",
			"sec-websocket-version": "13",
			"sec-websocket-protocol": chatSocketProtocol,
			"x-opta-role": "user",
			"x-opta-user-id": sub,
		});
		expect(host).toMatch(/^127\.0\.0\.1:\d+$/);
		expect(requestId).toMatch(/^[\da-f-]{36}$/);
		expect(sentKey).toMatch(/==$/);
	});

	it("are in no log, and neither is a ticket", async () => {
		const made = await ticket();
		await answerTo({ ticket: made });
		await answerTo({ ticket: made });
		await expect
			.poll(() => bench.logs.at(-1))
			.toMatchObject({ path, code: "invalid_pass", reason: expect.stringContaining("used before") });
		const everything = JSON.stringify(bench.logs);
		for (const part of made.split(".").slice(1)) {
			expect(everything).not.toContain(part);
		}
	});
});
