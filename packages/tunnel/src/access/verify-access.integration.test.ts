import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AccessVerifier, createAccessVerifier } from "./verify-access.ts";

const audience = "a".repeat(64);
let server: Server;
let teamOrigin: string;
let asked: string[];
let verify: AccessVerifier;
let keys: { readonly privateKey: CryptoKey; readonly publicKey: CryptoKey };
let strange: typeof keys;

beforeAll(async () => {
	keys = await generateKeyPair("RS256");
	strange = await generateKeyPair("RS256");
	const jwk = { ...(await exportJWK(keys.publicKey)), kid: "team-1", alg: "RS256", use: "sig" };
	server = createServer((request, response) => {
		asked.push(request.url ?? "");
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ keys: [jwk], public_certs: [] }));
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	teamOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
	asked = [];
	verify = createAccessVerifier({ audience, teamOrigin });
});
afterAll(() => server.close());

interface Changes {
	readonly claims?: JWTPayload;
	readonly header?: Readonly<Record<string, unknown>>;
	readonly key?: CryptoKey | Uint8Array;
}

async function token({ claims, header, key = keys.privateKey }: Changes = {}): Promise<string> {
	const now = Math.floor(Date.now() / 1000);
	return new SignJWT({ aud: [audience], iss: teamOrigin, iat: now, exp: now + 60, email: "ada@example.com", ...claims })
		.setProtectedHeader({ alg: "RS256", kid: "team-1", ...header })
		.sign(key);
}

describe("what Cloudflare Access says of a request", () => {
	it("is good by a key of the team for this application, whose keys are fetched once", async () => {
		expect(await Promise.all([1, 2, 3].map(async () => verify([await token()])))).toEqual([null, null, null]);
		expect(asked).toEqual(["/cdn-cgi/access/certs"]);
	});

	it("is missed where it is missing, and where it is there twice", async () => {
		expect(await verify(undefined)).toBe("no token of Access");
		expect(await verify([])).toBe("no token of Access");
		expect(await verify([await token(), await token()])).toBe("not one token of Access");
		expect(asked).toEqual([]);
	});

	it.each<[string, () => Changes]>([
		["for another application", () => ({ claims: { aud: ["b".repeat(64)] } })],
		["by another team", () => ({ claims: { iss: "https://other.cloudflareaccess.com" } })],
		["that is over", () => ({ claims: { exp: Math.floor(Date.now() / 1000) - 10 } })],
		["that is not good yet", () => ({ claims: { nbf: Math.floor(Date.now() / 1000) + 60 } })],
		["without an end", () => ({ claims: { exp: undefined } })],
		["by a key that is not the team's", () => ({ key: strange.privateKey })],
		["by a key of an unknown name", () => ({ header: { kid: "team-2" } })],
		["signed with a shared secret", () => ({ header: { alg: "HS256" }, key: new TextEncoder().encode("x".repeat(32)) })],
	])("is not good %s", async (_, changes) => {
		expect(await verify([await token(changes())])).toMatch(/^token of Access: /);
	});

	it("is not good without a signature, and when it is no token at all", async () => {
		const [, payload] = (await token()).split(".");
		const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${payload}.`;
		for (const text of [none, "", "a.b.c", "x".repeat(20_000)]) {
			expect(await verify([text])).not.toBeNull();
		}
	});

	it("is not good where the team's keys cannot be fetched", async () => {
		const away = createAccessVerifier({ audience, teamOrigin: "http://127.0.0.1:9" });
		expect(await away([await token()])).toBe("token of Access: its keys cannot be fetched");
	});
});
