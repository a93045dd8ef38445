import { importJWK, SignJWT } from "jose";
import { describe, expect, it, vi } from "vitest";
import { createDeviceKey, publicDeviceKey, thumbprintOf } from "./device-key.ts";
import { proveKey, readKeyProof } from "./key-proof.ts";

const subject = { method: "POST", url: "https://accounts.optalocal.com/api/device/token", secret: "the code" } as const;

describe("a proof of a key", () => {
	it("names the key that made it", async () => {
		const key = await createDeviceKey();
		expect(await readKeyProof(await proveKey(key, subject), subject)).toBe(await thumbprintOf(key));
	});

	it.each([
		["another route", { ...subject, url: "https://accounts.optalocal.com/api/pass" }],
		["another method", { ...subject, method: "GET" as const }],
		["another code", { ...subject, secret: "a stolen code" }],
	])("is worth nothing for %s", async (_, other) => {
		expect(await readKeyProof(await proveKey(await createDeviceKey(), subject), other)).toBeNull();
	});

	it("is worth nothing a minute later, or from a minute ahead", async () => {
		const key = await createDeviceKey();
		const proof = await proveKey(key, subject);
		const now = Date.now();
		for (const offsetMs of [62_000, -62_000]) {
			vi.setSystemTime(now + offsetMs);
			expect(await readKeyProof(proof, subject)).toBeNull();
		}
		vi.useRealTimers();
	});

	it("is refused with a symmetric key, with no signature, with a private key in it, and cut short", async () => {
		const key = await createDeviceKey();
		const claims = { htm: subject.method, htu: subject.url, ath: "x" };
		const good = await proveKey(key, subject);
		const hmac = await new SignJWT(claims)
			.setProtectedHeader({ typ: "dpop+jwt", alg: "HS256", jwk: publicDeviceKey(key) })
			.setIssuedAt()
			.sign(new TextEncoder().encode(JSON.stringify(publicDeviceKey(key))));
		const leaking = await new SignJWT(claims)
			.setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk: key })
			.setIssuedAt()
			.sign(await importJWK(key, "ES256"));
		const [, payload] = good.split(".");
		const none = `${Buffer.from('{"typ":"dpop+jwt","alg":"none"}').toString("base64url")}.${payload}.`;
		for (const proof of [hmac, leaking, none, good.slice(0, -4), "", "a.b.c", null]) {
			expect(await readKeyProof(proof, subject)).toBeNull();
		}
	});
});
