import { generateKeyPairSync } from "node:crypto";
import { EnvironmentError } from "@opta/auth/environment-error";
import { passClaimsSchema } from "@opta/contracts/schema/pass";
import { localAddressing } from "@opta/contracts/site-url";
import { createLocalJWKSet, jwtVerify } from "jose";
import { describe, expect, it } from "vitest";
import { createPassSigner, readPassSigningKey } from "./pass-signer.ts";

function newKey(kid = "k1", namedCurve = "P-256"): Record<string, unknown> {
	return { ...generateKeyPairSync("ec", { namedCurve }).privateKey.export({ format: "jwk" }), kid };
}

const member = {
	userId: "3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c9d",
	hostId: "018f2b6e-0000-7000-8000-000000000000",
	role: "operator",
} as const;

describe("the signer of passes", () => {
	const signer = createPassSigner(readPassSigningKey(JSON.stringify(newKey())), localAddressing);

	it("signs what a host verifies with the published keys: issuer, audience, person, role, 60 seconds", async () => {
		const { pass, role, expiresAt } = await signer.sign(member);
		const { payload, protectedHeader } = await jwtVerify(pass, createLocalJWKSet({ keys: [...signer.jwks.keys] }), {
			algorithms: ["ES256"],
			issuer: "http://accounts.optalocal.localhost:3003",
			audience: `host:${member.hostId}`,
		});
		const claims = passClaimsSchema.parse(payload);
		expect(protectedHeader).toMatchObject({ alg: "ES256", kid: "k1" });
		expect(claims).toMatchObject({ sub: member.userId, role: "operator" });
		expect(claims.exp - claims.iat).toBe(60);
		expect([role, Date.parse(expiresAt)]).toEqual(["operator", claims.exp * 1000]);
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

describe("readPassSigningKey", () => {
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
		["halves of two keys", JSON.stringify(mixed)],
	])("refuses %s in one line that does not repeat the value", (_what, value) => {
		const read = () => readPassSigningKey(value);
		expect(read).toThrow(EnvironmentError);
		expect(read).toThrow(/^OPTA_PASS_SIGNING_KEY [^\n]+\.$/);
		expect(read).not.toThrow(String(mixed.d));
	});
});
