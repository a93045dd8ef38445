import { generateKeyPairSync } from "node:crypto";
import { EnvironmentError } from "@opta/auth/environment-error";
import { passClaimsSchema, passKeysClaimsSchema, ticketClaimsSchema } from "@opta/contracts/schema/pass";
import { localAddressing } from "@opta/contracts/site-url";
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createPassSigner, readPassSigningKeys } from "./pass-signer.ts";

function newKey(kid = "k1", namedCurve = "P-256"): Record<string, unknown> {
	return { ...generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "jwk" }), kid };
}

const member = {
	userId: "3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c9d",
	audience: "host:018f2b6e-0000-7000-8000-000000000000",
	role: "operator",
} as const;

describe("the signer of passes", () => {
	const signer = createPassSigner(readPassSigningKeys(JSON.stringify(newKey())), localAddressing);

	it("signs what a host verifies with the published keys: issuer, audience, person, role, 60 seconds", async () => {
		const { pass, role, expiresAt } = await signer.sign(member);
		const { payload, protectedHeader } = await jwtVerify(pass, createLocalJWKSet({ keys: [...signer.jwks.keys] }), {
			algorithms: ["ES256"],
			issuer: "http://accounts.optalocal.localhost:3003",
			audience: member.audience,
		});
		const claims = passClaimsSchema.parse(payload);
		expect(protectedHeader).toEqual({ alg: "ES256", typ: "pass+jwt", kid: "k1" });
		expect(claims).toMatchObject({ sub: member.userId, role: "operator" });
		expect(claims.exp - claims.iat).toBe(60);
		expect([role, Date.parse(expiresAt)]).toEqual(["operator", claims.exp * 1000]);
	});

	it("makes a ticket of its own type and half a minute, with what it opens and whose key is to be proved", async () => {
		const device = { deviceId: "018f2b6e-0000-7000-8000-000000000001", keyThumbprint: "t".repeat(43) };
		const ticket = { path: "/link", origin: null };
		const { pass, expiresAt } = await signer.sign({ ...member, ...device, ticket });
		const { payload } = await jwtVerify(pass, createLocalJWKSet({ keys: [...signer.jwks.keys] }), { typ: "ticket+jwt" });
		const claims = ticketClaimsSchema.parse(payload);
		expect(claims).toMatchObject({ ...ticket, deviceId: device.deviceId, cnf: { jkt: device.keyThumbprint }, sub: member.userId });
		expect([claims.exp - claims.iat, Date.parse(expiresAt)]).toEqual([30, claims.exp * 1000]);
	});

	it("gives each pass an id of its own with at least 128 random bits", async () => {
		const passes = await Promise.all(Array.from({ length: 50 }, () => signer.sign(member)));
		const ids = passes.map(({ pass }) => JSON.parse(Buffer.from(pass.split(".")[1]!, "base64url").toString()).jti);
		expect(new Set(ids).size).toBe(50);
		expect(Buffer.from(ids[0], "base64url").length).toBeGreaterThanOrEqual(16);
	});

	it("publishes nothing private", () => {
		expect(signer.jwks.keys.map((key) => Object.keys(key).sort())).toEqual([["alg", "crv", "kid", "kty", "use", "x", "y"]]);
	});
});

describe("a set of keys", () => {
	const signer = createPassSigner(readPassSigningKeys(JSON.stringify({ keys: [newKey("k2"), newKey("k1")] })), localAddressing);

	it("signs passes with its first and publishes all", async () => {
		const { pass } = await signer.sign(member);
		expect(decodeProtectedHeader(pass).kid).toBe("k2");
		expect(signer.jwks.keys.map(({ kid }) => kid)).toEqual(["k2", "k1"]);
	});

	it("is stated by each of its keys, so that a host that pins one of them learns the others", async () => {
		const statements = await signer.stateKeys();
		expect(statements.map((statement) => decodeProtectedHeader(statement).kid)).toEqual(["k2", "k1"]);
		for (const statement of statements) {
			const { payload } = await jwtVerify(statement, createLocalJWKSet({ keys: [...signer.jwks.keys] }), { typ: "pass-keys+jwt" });
			const { keys } = passKeysClaimsSchema.parse(payload);
			expect(keys.map(({ kid }) => kid)).toEqual(["k2", "k1"]);
			expect(JSON.stringify(payload)).not.toContain('"d"');
		}
	});
});

describe("readPassSigningKeys", () => {
	const { d: _, ...publicOnly } = newKey();
	const { kid: __, ...withoutId } = newKey();
	const mixed = { ...newKey(), d: newKey().d };

	it.each<[string, string | undefined]>([
		["nothing", undefined],
		["an empty value", " "],
		["no JSON", "-----BEGIN PRIVATE KEY-----"],
		["a public key", JSON.stringify(publicOnly)],
		["a key without id", JSON.stringify(withoutId)],
		["another curve", JSON.stringify(newKey("k1", "P-384"))],
		["a set without keys", JSON.stringify({ keys: [] })],
		["a set with a public key", JSON.stringify({ keys: [newKey(), publicOnly] })],
		["a set with two keys of one id", JSON.stringify({ keys: [newKey(), newKey()] })],
		["a set of five", JSON.stringify({ keys: ["1", "2", "3", "4", "5"].map((kid) => newKey(kid)) })],
		["halves of two keys", JSON.stringify(mixed)],
	])("refuses %s in one line that does not repeat the value", (_what, value) => {
		const read = () => readPassSigningKeys(value);
		expect(read).toThrow(EnvironmentError);
		expect(read).toThrow(/^OPTA_PASS_SIGNING_KEY [^\n]+\.$/);
		expect(read).not.toThrow(String(mixed.d));
	});
});
