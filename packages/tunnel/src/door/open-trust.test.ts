import { randomUUID } from "node:crypto";
import { hostAudience } from "@opta/contracts/pass";
import type { PassClaims } from "@opta/contracts/schema/pass";
import { createPassMaker } from "@opta/reach/testing/pass-maker";
import { expect, it } from "vitest";
import { openTrust } from "./open-trust.ts";

it("lets what is open go on while accounts is silent, until its list cannot say any more what was revoked meanwhile", async () => {
	const { identity, make } = await createPassMaker();
	let nowMs = Date.now();
	const trust = openTrust(identity, {
		...{ fetchStatements: async () => [], store: async () => undefined, report: () => undefined },
		now: () => nowMs,
	});
	const began: PassClaims = {
		...{ iss: identity.issuer, aud: hostAudience(identity.hostId), sub: randomUUID(), role: "owner", jti: "0123456789abcdef" },
		iat: Math.floor(nowMs / 1000),
		exp: Math.floor(nowMs / 1000) + 60,
	};
	const afterSilence = (minutes: number): boolean => {
		nowMs += minutes * 60_000;
		trust.replaceRevocations([]);
		return trust.isRevoked(began);
	};
	expect([afterSilence(1), afterSilence(58), afterSilence(61), afterSilence(1)]).toEqual([false, false, true, false]);
	expect((await trust.verify(await make("viewer"))).ok).toBe(true);
	trust.replaceRevocations([{ sub: began.sub, since: began.iat }]);
	expect(trust.isRevoked(began)).toBe(true);
});
