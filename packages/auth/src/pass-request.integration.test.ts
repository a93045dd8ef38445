import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { errorBody } from "@opta/contracts/error-body";
import { localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requestPass } from "./pass-request.ts";

let server: Server;
let addressing: SiteAddressing;
let port: number;
let seen: Pick<IncomingMessage, "method" | "url" | "headers"> & { body: string };
let answer: { status: number; body: string };

beforeEach(async () => {
	server = createServer(async (incoming, response) => {
		const chunks = await incoming.toArray();
		const { method, url, headers } = incoming;
		seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
		response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	({ port } = server.address() as AddressInfo);
	addressing = { ...localAddressing, portBase: port - siteByName("accounts").portOffset };
});

afterEach(() => {
	server.closeAllConnections();
	server.close();
});

describe("requestPass", () => {
	it("asks accounts over loopback under its public name, the token in a header", async () => {
		answer = { status: 200, body: JSON.stringify({ pass: "p.a.s", role: "user", expiresAt: "2026-11-21T09:04:44.000Z" }) };
		expect(await requestPass(addressing, "t.o.k", { hostId: "h1" })).toEqual({
			ok: true,
			pass: "p.a.s",
			role: "user",
			expiresAtMs: 1_795_251_884_000,
		});
		expect([seen.method, seen.url, seen.body]).toEqual(["POST", "/api/pass", '{"hostId":"h1"}']);
		expect(seen.headers).toMatchObject({ host: `accounts.optalocal.localhost:${port}`, authorization: "Bearer t.o.k" });
		expect(seen.headers.origin).toBeUndefined();
	});

	it("asks for a ticket with what it opens", async () => {
		answer = { status: 200, body: JSON.stringify({ pass: "t.i.c", role: "user", expiresAt: "2026-11-21T09:04:44.000Z" }) };
		await requestPass(addressing, "t.o.k", { deviceId: "d1", keyThumbprint: "t" }, { path: "/v3/ws", origin: "https://lmx.optalocal.com" });
		expect(JSON.parse(seen.body)).toEqual({
			deviceId: "d1",
			keyThumbprint: "t",
			ticket: { path: "/v3/ws", origin: "https://lmx.optalocal.com" },
		});
	});

	it("hands a refusal on", async () => {
		const body = errorBody("not_found", "There is no such host among yours; check the host id.");
		answer = { status: 404, body: JSON.stringify(body) };
		expect(await requestPass(addressing, "t.o.k", { hostId: "h1" })).toEqual({ ok: false, status: 404, body });
	});

	it.each([
		["no JSON", { status: 200, body: "<html>" }],
		["a pass without its expiry", { status: 200, body: '{"pass":"p.a.s","role":"user"}' }],
		["a failure without a message", { status: 500, body: "{}" }],
	])("takes %s for accounts being away", async (_what, given) => {
		answer = given;
		expect(await requestPass(addressing, "t.o.k", { hostId: "h1" })).toMatchObject({
			ok: false,
			status: 503,
			body: { error: { code: "unavailable" } },
		});
	});

	it("says that accounts is away when nobody listens", async () => {
		await new Promise((resolve) => server.close(resolve));
		expect(await requestPass(addressing, "t.o.k", { hostId: "h1" })).toMatchObject({ ok: false, status: 503 });
	});
});
