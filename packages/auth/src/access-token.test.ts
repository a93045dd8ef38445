import { createLocalJWKSet, exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { type AccessTokenVerifier, AuthUnavailableError, publicKeyVerifier, sharedSecretVerifier } from "./access-token.ts";

const secret = "an embedded back end's secret of enough bytes";
const issuer = "https://project.supabase.co/auth/v1";
const userId = "3f1c2a44-9b1e-4c6b-8a51-0e5a6f7b8c9d";

function claims(changes: JWTPayload = {}): JWTPayload {
	const now = Math.floor(Date.now() / 1000);
	return {
		iss: issuer,
		sub: userId,
		aud: "authenticated",
		role: "authenticated",
		email: "ada@example.org",
		iat: now,
		exp: now + 600,
		...changes,
	};
}

function hmac(payload: JWTPayload, key: Uint8Array = new TextEncoder().encode(secret)): Promise<string> {
	return new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).sign(key);
}

describe("tokens of the embedded back end", () => {
	const verify = sharedSecretVerifier(secret);

	it("reads a good one", async () => {
		const payload = claims();
		expect(await verify(await hmac(payload))).toEqual({
			state: "valid",
			claims: { userId, email: "ada@example.org", expiresAtMs: payload.exp! * 1000 },
		});
	});

	it("tells an expired one from a bad one", async () => {
		const old = claims({ exp: Math.floor(Date.now() / 1000) - 1 });
		expect(await verify(await hmac(old))).toEqual({ state: "expired" });
		expect(await verify(await hmac(old, new TextEncoder().encode("another secret of thirty-two bytes.")))).toEqual({ state: "invalid" });
	});

	it.each([
		["no audience", { aud: undefined }],
		["another audience", { aud: "anon" }],
		["no role", { role: undefined }],
		["the service role", { role: "service_role" }],
		["the anonymous role", { role: "anon" }],
		["no subject", { sub: undefined }],
		["a subject that is no user id", { sub: "admin" }],
		["no expiry", { exp: undefined }],
	])("refuses %s", async (_what, changes) => {
		expect(await verify(await hmac(claims(changes)))).toEqual({ state: "invalid" });
	});

	it("refuses a changed payload, no signature, and alg none", async () => {
		const [header, , signature] = (await hmac(claims())).split(".");
		const forged = Buffer.from(JSON.stringify(claims({ sub: "00000000-0000-4000-8000-000000000000" }))).toString("base64url");
		const tokens = [`${header}.${forged}.${signature}`, `${header}.${forged}.`, new UnsecuredJWT(claims()).encode(), "", "a.b.c", "x"];
		for (const token of tokens) {
			expect(await verify(token)).toEqual({ state: "invalid" });
		}
	});

	it("refuses a token signed with a key pair", async () => {
		const { privateKey } = await generateKeyPair("ES256");
		const token = await new SignJWT(claims()).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
		expect(await verify(token)).toEqual({ state: "invalid" });
	});
});

describe("tokens of a hosted project", () => {
	let verify: AccessTokenVerifier;
	let sign: (payload: JWTPayload) => Promise<string>;
	let publicPem: string;
	let publicJson: string;

	beforeAll(async () => {
		const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
		const jwk = { ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" };
		publicPem = await exportSPKI(publicKey);
		publicJson = JSON.stringify(jwk);
		verify = publicKeyVerifier(createLocalJWKSet({ keys: [jwk] }), issuer);
		sign = (payload) => new SignJWT(payload).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(privateKey);
	});

	it("reads a good one and refuses another project's", async () => {
		expect(await verify(await sign(claims()))).toMatchObject({ state: "valid", claims: { userId } });
		expect(await verify(await sign(claims({ iss: "https://other.supabase.co/auth/v1" })))).toEqual({ state: "invalid" });
		expect(await verify(await sign(claims({ iss: undefined })))).toEqual({ state: "invalid" });
	});

	it("never takes the public key, or the embedded secret, for an HMAC secret", async () => {
		for (const key of [publicPem, publicPem.trim(), publicJson, secret]) {
			for (const kid of ["k1", undefined]) {
				const token = await new SignJWT(claims())
					.setProtectedHeader(kid === undefined ? { alg: "HS256" } : { alg: "HS256", kid })
					.sign(new TextEncoder().encode(key));
				expect(await verify(token)).toEqual({ state: "invalid" });
			}
		}
		expect(await verify(new UnsecuredJWT(claims()).encode())).toEqual({ state: "invalid" });
	});

	it("refuses unknown keys and keys that the token brings along", async () => {
		const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
		const jwk = await exportJWK(publicKey);
		const headers = [{ kid: "k2" }, { jwk }, { jku: "https://evil.com/jwks.json" }];
		for (const header of headers) {
			const token = await new SignJWT(claims()).setProtectedHeader({ alg: "ES256", ...header }).sign(privateKey);
			expect(await verify(token)).toEqual({ state: "invalid" });
		}
	});

	it("says so when the keys cannot be fetched, instead of calling everybody signed out", async () => {
		const unreachable = publicKeyVerifier(() => Promise.reject(new TypeError("fetch failed")), issuer);
		await expect(unreachable(await sign(claims()))).rejects.toBeInstanceOf(AuthUnavailableError);
	});
});
