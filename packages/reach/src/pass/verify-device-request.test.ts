import { randomUUID } from "node:crypto";
import { createDeviceKey, type DeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { proveRequest } from "@opta/auth/device-credential/request-proof";
import { deviceAudience } from "@opta/contracts/pass";
import { decodeJwt } from "jose";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { createPassMaker, type PassChanges, type PassMaker } from "../testing/pass-maker.ts";
import { createPinnedKeys } from "./pinned-keys.ts";
import { createRevokedPasses } from "./revoked-passes.ts";
import { createUsedTickets } from "./used-tickets.ts";
import { createDeviceRequestVerifier, type DeviceRequestOptions } from "./verify-device-request.ts";

const deviceId = randomUUID();
const body = Buffer.from('{"content":"hello"}');
let passes: PassMaker;
let key: DeviceKey;
let options: DeviceRequestOptions;

beforeAll(async () => {
	passes = await createPassMaker();
	key = await createDeviceKey();
	const { issuer, jwks } = passes.identity;
	const keys = createPinnedKeys({
		issuer,
		pinned: jwks.keys,
		fetchStatements: async () => [],
		store: async () => undefined,
		report: () => undefined,
	});
	options = { deviceId, issuer, keys, revoked: createRevokedPasses() };
});

/** A request as it comes, with a good pass and proof. */
async function shown(changes: PassChanges = {}) {
	const cnf = { jkt: await thumbprintOf(key) };
	const pass = await passes.makeFor(deviceAudience(deviceId), "owner", { ...changes, claims: { cnf, ...changes.claims } });
	const request = { method: "POST", target: "/v3/sessions/s1/turns?x=1", pass };
	return { ...request, proof: await proveRequest(key, { deviceId, ...request }, body) };
}

describe("a request that came over a host", () => {
	it("is its owner's where the holder of the pass proved it, with the body that was proved and no other", async () => {
		const result = await createDeviceRequestVerifier(options)(await shown());
		expect(result).toMatchObject({ ok: true, claims: { role: "owner" } });
		const isProven = (text: string): boolean => result.ok && result.isProvenBody(Buffer.from(text));
		expect([String(body), `${body} `, ""].map(isProven)).toEqual([true, false, false]);
	});

	it("is taken once, of several at the same moment too", async () => {
		const verify = createDeviceRequestVerifier(options);
		const request = await shown();
		const results = await Promise.all([verify(request), verify(request), verify(request)]);
		expect(results.filter(({ ok }) => ok)).toHaveLength(1);
		expect(await verify(request)).toMatchObject({ ok: false, reason: expect.stringContaining("used before") });
	});

	it("is refused where it may have been taken before a restart", async () => {
		const request = await shown();
		const later = createDeviceRequestVerifier(options, createUsedTickets({ beganAtMs: Date.now() + 5_000 }));
		expect(await later(request)).toMatchObject({ ok: false, reason: expect.stringContaining("older than the memory") });
	});

	it("is remembered for as long as its proof would be taken", async () => {
		const used = createUsedTickets();
		const take = vi.spyOn(used, "take");
		const request = await shown();
		await createDeviceRequestVerifier(options, used)(request);
		const { iat = 0 } = decodeJwt(request.proof);
		expect(take).toHaveBeenCalledWith(expect.objectContaining({ expiresAtMs: (iat + 60) * 1000 }));
	});

	it("does not use a proof up that it refuses", async () => {
		const verify = createDeviceRequestVerifier(options);
		const request = await shown();
		expect(await verify({ ...request, target: "/v3/sessions" })).toMatchObject({ ok: false });
		expect(await verify(request)).toMatchObject({ ok: true });
	});

	it("needs a pass that names the key, and the key", async () => {
		const verify = createDeviceRequestVerifier(options);
		expect(await verify(await shown({ claims: { cnf: undefined } }))).toMatchObject({ ok: false, reason: "claim cnf" });
		const cnf = { jkt: await thumbprintOf(await createDeviceKey()) };
		expect(await verify(await shown({ claims: { cnf } }))).toMatchObject({ ok: false });
		expect(await verify({ ...(await shown()), proof: null })).toMatchObject({ ok: false });
	});
});
