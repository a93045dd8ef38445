import { randomUUID } from "node:crypto";
import { hostAudience } from "@opta/contracts/pass";
import { exportSPKI, generateKeyPair, importJWK, UnsecuredJWT } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createPassMaker, type PassChanges, type PassMaker } from "../testing/pass-maker.ts";
import { createPinnedKeys } from "./pinned-keys.ts";
import { createRevokedPasses, type RevokedPasses } from "./revoked-passes.ts";
import { createPassVerifier, type PassVerifier } from "./verify-pass.ts";

let passes: PassMaker;
let verify: PassVerifier;
let revoked: RevokedPasses;
let questions = 0;
beforeAll(async () => {
	passes = await createPassMaker();
	const { issuer, hostId, jwks } = passes.identity;
	revoked = createRevokedPasses();
	const fetchStatements = async (): Promise<readonly string[]> => {
		questions += 1;
		return [];
	};
	const keys = createPinnedKeys({ issuer, pinned: jwks.keys, fetchStatements, store: async () => undefined, report: () => undefined });
	verify = createPassVerifier({ issuer, audience: hostAudience(hostId), keys, revoked });
});

const now = Math.floor(Date.now() / 1000);

describe("createPassVerifier", () => {
	it("takes a pass of its accounts for this host", async () => {
		const sub = randomUUID();
		expect(await verify(await passes.make("operator", { claims: { sub } }))).toMatchObject({ ok: true, claims: { sub, role: "operator" } });
	});

	it("forgives clocks that differ by a few seconds", async () => {
		expect(await verify(await passes.make("user", { claims: { iat: now + 3, exp: now + 63 } }))).toMatchObject({ ok: true });
		expect(await verify(await passes.make("user", { claims: { iat: now - 62, exp: now - 2 } }))).toMatchObject({ ok: true });
	});

	const refused: [string, PassChanges][] = [
		["expired", { claims: { iat: now - 70, exp: now - 10 } }],
		["from the future", { claims: { iat: now + 20, exp: now + 80 } }],
		["not yet valid", { claims: { nbf: now + 20 } }],
		["longer than passes live", { claims: { iat: now, exp: now + 61 } }],
		["long, though it began long ago", { claims: { iat: now - 3600, exp: now + 30 } }],
		["ending before it begins", { claims: { iat: now + 4, exp: now + 3 } }],
		["without exp", { claims: { exp: undefined } }],
		["without iat", { claims: { iat: undefined } }],
		["without jti", { claims: { jti: undefined } }],
		["with an empty jti", { claims: { jti: "" } }],
		["without sub", { claims: { sub: undefined } }],
		["with a sub that is no user", { claims: { sub: "admin" } }],
		["without role", { claims: { role: undefined } }],
		["with an unknown role", { claims: { role: "root" } }],
		["with several roles", { claims: { role: ["viewer", "owner"] } }],
		["for another host", { claims: { aud: `host:${randomUUID()}` } }],
		["for a device", { claims: { aud: `device:${randomUUID()}` } }],
		["without audience", { claims: { aud: undefined } }],
		["of another issuer", { claims: { iss: "http://accounts.optalocal.localhost:3003/" } }],
		["without issuer", { claims: { iss: undefined } }],
		["of another type", { header: { typ: "device+jwt" } }],
		["without type", { header: { typ: undefined } }],
		["for accounts, as a device's token is", { claims: { aud: "accounts" } }],
		["of an unknown key id", { header: { kid: "accounts-2" } }],
		["without key id", { header: { kid: undefined } }],
		["with a critical extension that is not known", { header: { crit: ["exp2"], exp2: 1 } }],
	];
	it.each(refused)("refuses a pass %s", async (_name, changes) => {
		expect(await verify(await passes.make("owner", changes).catch(() => "not.a.pass"))).toMatchObject({ ok: false });
	});

	it("refuses an audience list, even one that names this host", async () => {
		const aud = [`host:${passes.identity.hostId}`, `host:${randomUUID()}`];
		expect(await verify(await passes.make("owner", { claims: { aud } }))).toMatchObject({ ok: false });
	});

	it("refuses a pass of a foreign key under the pinned key's id", async () => {
		const { privateKey } = await generateKeyPair("ES256");
		expect(await verify(await passes.make("owner", { key: privateKey }))).toMatchObject({ ok: false });
	});

	it("does not look at a key that the pass brings along", async () => {
		const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
		const jwk = await crypto.subtle.exportKey("jwk", publicKey);
		const forged = await passes.make("owner", {
			key: privateKey,
			header: { jwk: jwk as never, jku: "http://127.0.0.1/keys", kid: undefined },
		});
		expect(await verify(forged)).toMatchObject({ ok: false });
	});

	it("refuses HS256 with the public key as its secret", async () => {
		const { kid, ...jwk } = passes.publicJwk;
		const publicKey = await importJWK({ ...jwk, ext: true }, "ES256", { extractable: true });
		const secrets = [await exportSPKI(publicKey as never), JSON.stringify(passes.publicJwk), jwk.x];
		for (const secret of secrets) {
			const forged = await passes.make("owner", { header: { alg: "HS256", kid }, key: new TextEncoder().encode(secret) });
			expect(await verify(forged)).toMatchObject({ ok: false });
		}
	});

	it("refuses a pass without signature, whatever it calls its algorithm", async () => {
		const unsigned = new UnsecuredJWT({ role: "owner" }).setSubject(randomUUID()).encode();
		const [, payload] = (await passes.make("owner")).split(".");
		const header = (alg: string): string =>
			Buffer.from(JSON.stringify({ alg, typ: "pass+jwt", kid: passes.publicJwk.kid })).toString("base64url");
		for (const forged of [unsigned, ...["none", "None", "NONE", "ES256"].map((alg) => `${header(alg)}.${payload}.`)]) {
			expect(await verify(forged)).toMatchObject({ ok: false });
		}
	});

	it("refuses a pass that was changed after it was signed", async () => {
		const [header, payload = "", signature] = (await passes.make("viewer")).split(".");
		const claims = { ...JSON.parse(Buffer.from(payload, "base64url").toString()), role: "owner" };
		const changed = Buffer.from(JSON.stringify(claims)).toString("base64url");
		expect(await verify(`${header}.${changed}.${signature}`)).toEqual({ ok: false, reason: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
	});

	it("refuses a pass that was issued before its person's passes were revoked, and takes the next", async () => {
		const sub = randomUUID();
		const stolen = await passes.make("owner", { claims: { sub, iat: now - 3, exp: now + 57 } });
		revoked.replace([{ sub, since: now - 2 }]);
		expect(await verify(stolen)).toEqual({ ok: false, reason: "revoked" });
		expect(await verify(await passes.make("owner"))).toMatchObject({ ok: true });
		expect(await verify(await passes.make("owner", { claims: { sub } }))).toMatchObject({ ok: true });
	});

	it("asks accounts once for a flood of passes with unknown key ids", async () => {
		const before = questions;
		const flood = await Promise.all(Array.from({ length: 200 }, (_, index) => passes.make("owner", { header: { kid: `k${index}` } })));
		for (const result of await Promise.all(flood.map(verify))) {
			expect(result).toEqual({ ok: false, reason: "ERR_JWKS_NO_MATCHING_KEY" });
		}
		expect(questions - before).toBeLessThanOrEqual(1);
		expect(questions).toBe(1);
	});

	it.each(["", ".", "..", "a.b.c", "{}", "\u0000", "eyJ.eyJ.eyJ", "a".repeat(9000)])("refuses what is no pass at all: %j", async (text) => {
		expect(await verify(text)).toMatchObject({ ok: false });
	});
});
