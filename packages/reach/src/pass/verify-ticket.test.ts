import { randomUUID } from "node:crypto";
import { deviceAudience, hostAudience } from "@opta/contracts/pass";
import type { TicketUse } from "@opta/contracts/schema/pass";
import { generateKeyPair } from "jose";
import { beforeAll, describe, expect, it } from "vitest";
import { createPassMaker, type PassChanges, type PassMaker } from "../testing/pass-maker.ts";
import { createPinnedKeys } from "./pinned-keys.ts";
import { createRevokedPasses, type RevokedPasses } from "./revoked-passes.ts";
import { createUsedTickets } from "./used-tickets.ts";
import type { PassVerifierOptions } from "./verify-claims.ts";
import { createPassVerifier } from "./verify-pass.ts";
import { createTicketVerifier, type TicketVerifier } from "./verify-ticket.ts";

const use: TicketUse = { path: "/v1/chat/stream", origin: "https://lmx.optalocal.com" };
const now = Math.floor(Date.now() / 1000);

let passes: PassMaker;
let revoked: RevokedPasses;
let options: PassVerifierOptions;
let verify: TicketVerifier;
beforeAll(async () => {
	passes = await createPassMaker();
	revoked = createRevokedPasses();
	const { issuer, hostId, jwks } = passes.identity;
	const keys = createPinnedKeys({
		issuer,
		pinned: jwks.keys,
		fetchStatements: async () => [],
		store: async () => undefined,
		report: () => undefined,
	});
	options = { issuer, audience: hostAudience(hostId), keys, revoked };
	verify = createTicketVerifier(options, createUsedTickets({ beganAtMs: (now - 60) * 1000 }));
});

describe("createTicketVerifier", () => {
	it("takes no ticket from before it began, which may have been used before a restart", async () => {
		const seconds = Math.floor(Date.now() / 1000);
		const before = await passes.makeTicket(use, { claims: { iat: seconds - 5, exp: seconds + 25 } });
		const restarted = createTicketVerifier(options);
		expect(await restarted(before, use)).toMatchObject({ ok: false });
		expect(await restarted(await passes.makeTicket(use), use)).toMatchObject({ ok: true });
	});

	it("takes a ticket once, for its path and origin", async () => {
		const sub = randomUUID();
		const ticket = await passes.makeTicket(use, { claims: { sub } });
		expect(await verify(ticket, use)).toMatchObject({ ok: true, claims: { sub, ...use } });
		expect(await verify(ticket, use)).toMatchObject({ ok: false });
	});

	it("takes one of two that come at the same moment", async () => {
		const ticket = await passes.makeTicket(use);
		const results = await Promise.all([verify(ticket, use), verify(ticket, use), verify(ticket, use)]);
		expect(results.filter(({ ok }) => ok)).toHaveLength(1);
	});

	it("tells what accounts says of the device that asked", async () => {
		const device = { deviceId: randomUUID(), cnf: { jkt: "thumbprint" } };
		const forPrograms = { path: "/link", origin: null };
		expect(await verify(await passes.makeTicket(forPrograms, { claims: device }), forPrograms)).toMatchObject({ ok: true, claims: device });
	});

	it.each<[string, TicketUse]>([
		["another path", { ...use, path: "/v3/ws" }],
		["a path below its own", { ...use, path: `${use.path}/more` }],
		["the same path in capitals", { ...use, path: use.path.toUpperCase() }],
		["another origin", { ...use, origin: "https://evil.example" }],
		["the same origin in plain", { ...use, origin: "http://lmx.optalocal.com" }],
		["an origin that only begins the same", { ...use, origin: "https://lmx.optalocal.com.evil.example" }],
		["no origin", { ...use, origin: null }],
	])("refuses a ticket for %s, which does not use it up", async (_name, other) => {
		const ticket = await passes.makeTicket(use);
		expect(await verify(ticket, other)).toMatchObject({ ok: false });
		expect(await verify(ticket, use)).toMatchObject({ ok: true });
	});

	it("refuses a program's ticket in a page", async () => {
		expect(await verify(await passes.makeTicket({ ...use, origin: null }), use)).toMatchObject({ ok: false });
	});

	it("forgives clocks that differ by a few seconds", async () => {
		for (const claims of [
			{ iat: now + 3, exp: now + 33 },
			{ iat: now - 32, exp: now - 2 },
		]) {
			expect(await verify(await passes.makeTicket(use, { claims }), use)).toMatchObject({ ok: true });
		}
	});

	const refused: [string, PassChanges][] = [
		["expired", { claims: { iat: now - 40, exp: now - 10 } }],
		["from the future", { claims: { iat: now + 20, exp: now + 50 } }],
		["longer than tickets live", { claims: { iat: now, exp: now + 31 } }],
		["for another host", { claims: { aud: hostAudience(randomUUID()) } }],
		["for a device", { claims: { aud: deviceAudience(randomUUID()) } }],
		["of another issuer", { claims: { iss: "https://accounts.evil.example" } }],
		["without path", { claims: { path: undefined } }],
		["without origin", { claims: { origin: undefined } }],
		["without jti", { claims: { jti: undefined } }],
		["that is a pass with path and origin", { header: { typ: "pass+jwt" } }],
	];
	it.each(refused)("refuses a ticket %s", async (_name, changes) => {
		expect(await verify(await passes.makeTicket(use, changes), use)).toMatchObject({ ok: false });
	});

	it("refuses a ticket of a foreign key, and what is none", async () => {
		const { privateKey } = await generateKeyPair("ES256");
		for (const ticket of [await passes.makeTicket(use, { key: privateKey }), "", "a.b.c", "a".repeat(9000)]) {
			expect(await verify(ticket, use)).toMatchObject({ ok: false });
		}
	});

	it("refuses a ticket of a person whose passes were revoked since", async () => {
		const sub = randomUUID();
		const ticket = await passes.makeTicket(use, { claims: { sub } });
		revoked.replace([{ sub, since: now + 60 }]);
		expect(await verify(ticket, use)).toEqual({ ok: false, reason: "revoked" });
		revoked.replace([]);
	});

	it("takes no pass for a ticket, and a ticket is taken for no pass", async () => {
		expect(await verify(await passes.make("owner", { claims: { ...use, exp: now + 30, iat: now } }), use)).toMatchObject({ ok: false });
		const verifyPass = createPassVerifier(options);
		expect(await verifyPass(await passes.makeTicket(use))).toMatchObject({ ok: false });
	});
});
