import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { deviceTokenAudience, deviceTokenType } from "@opta/contracts/device-sign-in";
import { exportJWK, SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveRelay } from "./serve-relay.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const deviceId = "019aa000-0000-7000-8000-00000000dddd";
const pairingId = "019aa000-0000-7000-8000-00000000eeee";
const portalKey = "a key of the portal that nobody guesses";

/** Accounts' published keys and the functions of the database, on one port. */
let server: Server;
let origin: string;
let calls: { name: string; body: Record<string, unknown> }[];
let answer: { status: number; body: unknown };
let relay: (request: Request) => Promise<Response>;

beforeAll(async () => {
	const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "ES256", use: "sig" };
	server = createServer(async (request, response) => {
		response.setHeader("content-type", "application/json");
		if (request.url === "/.well-known/jwks.json") {
			response.end(JSON.stringify({ keys: [jwk] }));
			return;
		}
		calls.push({ name: request.url?.split("/").at(-1) ?? "", body: (await json(request)) as Record<string, unknown> });
		response.writeHead(answer.status).end(JSON.stringify(answer.body));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	relay = serveRelay({ accountsOrigin: origin, supabaseUrl: origin, publishableKey: "sb_publishable", portalKey });
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

async function token(
	changes: { key?: typeof privateKey; typ?: string; audience?: string; issuer?: string; seconds?: number } = {},
): Promise<string> {
	return new SignJWT({ device: deviceId })
		.setProtectedHeader({ alg: "ES256", kid: "k1", typ: changes.typ ?? deviceTokenType })
		.setIssuer(changes.issuer ?? origin)
		.setAudience(changes.audience ?? deviceTokenAudience)
		.setExpirationTime(Math.floor(Date.now() / 1000) + (changes.seconds ?? 300))
		.sign(changes.key ?? privateKey);
}

async function ask(
	method: string,
	path: string,
	bearer: string | null,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Response> {
	calls = [];
	const authorization = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
	const sent = body === undefined ? {} : { body: JSON.stringify(body) };
	const response = await relay(
		new Request(`https://project.example/functions/v1${path}`, { method, headers: { ...authorization, ...headers }, ...sent }),
	);
	expect(response.headers.get("cache-control")).toBe("private, no-store");
	return response;
}

it("opens, reads, steps and ends pairings for the device of the token", async () => {
	answer = { status: 200, body: { state: "ok" } };
	const opening = { pairingId, deviceId, deviceName: "laptop", commitment: "A".repeat(43) };
	expect((await ask("POST", "/key-relay", await token(), opening)).status).toBe(201);
	expect(calls).toEqual([
		{
			name: "vault_pairing_open",
			body: { portal_key: portalKey, of_device: deviceId, pairing_id: pairingId, device_name: "laptop", commitment: "A".repeat(43) },
		},
	]);
	const half = { publicKey: "A".repeat(43), nonce: "A".repeat(22) };
	expect((await ask("POST", `/key-relay/${pairingId}`, await token(), { step: "reveal", ...half })).status).toBe(200);
	expect(calls[0]).toMatchObject({ name: "vault_pairing_step", body: { pairing_id: pairingId, step: "reveal", half } });
	answer = { status: 200, body: { pairings: [] } };
	const read = await ask("GET", "/key-relay", await token());
	expect([read.status, await read.json()]).toEqual([200, { pairings: [] }]);
	answer = { status: 200, body: { state: "conflict", reason: "missing" } };
	expect((await ask("DELETE", `/key-relay/${pairingId}`, await token())).status).toBe(409);
});

it("says so when too many are open, when the device was ended, and when the database is away", async () => {
	const opening = { pairingId, deviceId, deviceName: "laptop", commitment: "A".repeat(43) };
	answer = { status: 200, body: { state: "full" } };
	const full = await ask("POST", "/key-relay", await token(), opening);
	expect([full.status, full.headers.get("retry-after")]).toEqual([429, "300"]);
	answer = { status: 403, body: { code: "42501" } };
	expect((await ask("GET", "/key-relay", await token())).status).toBe(401);
	answer = { status: 503, body: {} };
	expect((await ask("GET", "/key-relay", await token())).status).toBe(503);
});

it("asks the database nothing for any other token, for a page, or for another device", async () => {
	const wrong = [
		null,
		"a.b.c",
		await token({ key: stranger }),
		await token({ typ: "JWT" }),
		await token({ audience: "host:1" }),
		await token({ issuer: "https://evil.example" }),
		await token({ seconds: -60 }),
	];
	for (const bearer of wrong) {
		expect((await ask("GET", "/key-relay", bearer)).status).toBe(401);
		expect(calls).toEqual([]);
	}
	expect((await ask("GET", "/key-relay", await token(), undefined, { origin: "https://accounts.example" })).status).toBe(403);
	const others = { pairingId, deviceId: pairingId, deviceName: "x", commitment: "A".repeat(43) };
	expect((await ask("POST", "/key-relay", await token(), others)).status).toBe(403);
	expect((await ask("POST", "/key-relay/nonsense", await token(), {})).status).toBe(404);
	expect((await ask("POST", "/key-relay", await token(), { ...others, more: "x".repeat(5000) })).status).toBe(413);
	expect(calls).toEqual([]);
});
