import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { confirmCode } from "@opta/auth/device-credential/confirm-code";
import { thumbprintOf } from "@opta/auth/device-credential/device-key";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readHostIdentity } from "../identity/read-host-identity.ts";
import { storeFirstHostIdentity } from "../identity/store-host-identity.ts";
import { challengeOf, type FakeAccounts, startFakeAccounts } from "../testing/fake-accounts.ts";
import { createPassMaker } from "../testing/pass-maker.ts";
import { type ClaimHostOptions, type ClaimResult, type ClaimStep, claimHost } from "./claim-host.ts";

let accounts: FakeAccounts;
let stateDir: string;
let file: string;
let steps: ClaimStep[];

beforeEach(async () => {
	accounts = await startFakeAccounts();
	stateDir = path.join(mkdtempSync(path.join(tmpdir(), "opta-claim-")), "state");
	file = path.join(stateDir, "host.json");
	steps = [];
});
afterEach(() => {
	accounts.close();
	rmSync(path.dirname(stateDir), { recursive: true, force: true });
});

function claim(changes: Partial<ClaimHostOptions> = {}): Promise<ClaimResult> {
	return claimHost({
		...{ stateDir, accountsOrigin: accounts.origin, name: "Mono512", version: "0.1.0", again: false },
		show: (step) => steps.push(step),
		signal: new AbortController().signal,
		...changes,
	});
}

async function ownedHost(): Promise<HostIdentity> {
	const { identity } = await createPassMaker();
	const owned = { ...identity, issuer: accounts.origin };
	await storeFirstHostIdentity(stateDir, owned);
	return owned;
}

describe("claiming a host", () => {
	it("shows a code and the fingerprint that the page shows, waits, and keeps who it is for its user alone", async () => {
		accounts.answers.unshift("authorization_pending", "cut", "authorization_pending");
		const result = await claim();
		expect(result).toMatchObject({ ok: true, ownerName: "Ada", identity: { name: "Mono512", issuer: accounts.origin } });
		const [asked] = accounts.asked;
		const fingerprint = confirmCode(challengeOf(asked!.claimCode), await thumbprintOf(asked!.key));
		expect(steps).toEqual([
			{
				...{ userCode: "BCDF-GHJK", fingerprint, expiresInMs: 30_000 },
				verificationUrl: `${accounts.origin}/claim`,
				verificationUrlComplete: `${accounts.origin}/claim?code=BCDF-GHJK`,
			},
		]);
		const read = await readHostIdentity(stateDir);
		expect(read).toEqual({ ok: true, identity: result.ok && result.identity });
		expect(read).toMatchObject({ identity: { key: { x: asked!.key.x, y: asked!.key.y, d: expect.stringMatching(/^[\w-]{43}$/) } } });
		expect([statSync(file).mode & 0o777, statSync(stateDir).mode & 0o777, readdirSync(stateDir)]).toEqual([0o600, 0o700, ["host.json"]]);
		expect(accounts.questionTimesMs).toHaveLength(4);
	});

	it.each([
		["access_denied", "access_denied"],
		["expired_code", "expired_code"],
		["conflict", "conflict"],
	] as const)("ends with accounts' own words when it says %s, and writes nothing", async (answer, code) => {
		accounts.answers.splice(0, 1, "authorization_pending", answer);
		expect(await claim()).toEqual({ ok: false, code, message: `Accounts says ${answer}.` });
		expect(existsSync(file)).toBe(false);
	});

	it("says so when nobody came in time", async () => {
		accounts.answers.splice(0, 1, "authorization_pending");
		accounts.expiresInMs = 200;
		expect(await claim()).toMatchObject({ ok: false, code: "expired_code", message: expect.stringContaining("in time") });
		expect(existsSync(file)).toBe(false);
	});

	it("can be stopped while it waits", async () => {
		accounts.answers.splice(0, 1, "authorization_pending");
		const stopping = new AbortController();
		const result = claim({ signal: stopping.signal, show: () => setImmediate(() => stopping.abort()) });
		expect(await result).toMatchObject({ ok: false, code: "cancelled" });
		expect(existsSync(file)).toBe(false);
	});

	it("says where accounts was looked for", async () => {
		accounts.close();
		expect(await claim()).toMatchObject({ ok: false, code: "unavailable", message: expect.stringContaining(accounts.origin) });
	});

	it("takes no identity that names other accounts", async () => {
		accounts.issuer = "https://accounts.example.com";
		const message = expect.stringContaining("https://accounts.example.com");
		expect(await claim()).toMatchObject({ ok: false, message });
		expect(existsSync(file)).toBe(false);
	});
});

describe("a host that is claimed already", () => {
	it("is not claimed a second time, and accounts is not even asked", async () => {
		await ownedHost();
		const before = readFileSync(file, "utf8");
		expect(await claim()).toMatchObject({ ok: false, code: "conflict", message: expect.stringContaining("--again") });
		expect([accounts.asked, readFileSync(file, "utf8")]).toEqual([[], before]);
	});

	it("is claimed again only once accounts says that its owner revoked it", async () => {
		const { hostId } = await ownedHost();
		expect(await claim({ again: true })).toMatchObject({ ok: false, message: expect.stringContaining("still belongs to its owner") });
		accounts.standing = "unauthenticated";
		expect(await claim({ again: true })).toMatchObject({ ok: false, message: expect.stringContaining("did not say") });
		expect(accounts.asked).toEqual([]);
		accounts.standing = "host_revoked";
		const result = await claim({ again: true });
		expect(result).toMatchObject({ ok: true });
		const now = await readHostIdentity(stateDir);
		expect(now.ok && now.identity.hostId).not.toBe(hostId);
	});

	it("stays who it was when another claim was faster", async () => {
		accounts.answers.unshift("authorization_pending");
		const other = claim();
		const result = await claim();
		const results = [await other, result];
		expect(results.map(({ ok }) => ok).sort()).toEqual([false, true]);
		expect(results.find(({ ok }) => !ok)).toMatchObject({ code: "conflict", message: expect.stringContaining("faster") });
	});

	it("does not replace a damaged identity", async () => {
		await ownedHost();
		writeFileSync(file, "{");
		expect(await claim({ again: true })).toMatchObject({ ok: false, message: expect.stringContaining("not valid JSON") });
		expect(readFileSync(file, "utf8")).toBe("{");
	});
});
