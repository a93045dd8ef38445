import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { confirmCode } from "@opta/auth/device-credential/confirm-code";
import { createDeviceKey, type DeviceKey, publicDeviceKey, thumbprintOf } from "@opta/auth/device-credential/device-key";
import { proveKey } from "@opta/auth/device-credential/key-proof";
import { hostAudience } from "@opta/contracts/pass";
import { hostClaimPath, hostClaimTokenPath } from "@opta/contracts/reach";
import { type SiteAddressing, siteOrigin, siteUrl } from "@opta/contracts/site-url";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type ClaimStep, claimHost } from "../../../packages/reach/src/claim/claim-host.ts";
import { issuePass } from "../passes/issue-pass.ts";
import type { AccountsBench } from "../testing/accounts-bench.ts";
import { startDeviceBench } from "../testing/device-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";
import { answerHostClaim } from "./answer-host-claim.ts";
import { findHostClaim } from "./find-host-claim.ts";
import { issueHostIdentity } from "./issue-host-identity.ts";
import { startHostClaim } from "./start-host-claim.ts";

let bench: AccountsBench;
let addressing: SiteAddressing;
let stop: () => Promise<void>;
let folder: string;
let ada: Visitor;
let eve: Visitor;

beforeAll(async () => {
	({ bench, stop } = await startDeviceBench((context) => ({
		"POST /api/host/claim": (request) => startHostClaim(context, request),
		"POST /api/host/claim/token": (request) => issueHostIdentity(context, request),
		"POST /api/pass": (request) => issuePass(context, request),
	})));
	({ addressing } = bench.context.configuration);
	folder = await mkdtemp(path.join(tmpdir(), "opta-claim-"));
	await signedUp(bench, "first@example.org");
	ada = await signedUp(bench, "ada@example.org");
	eve = await signedUp(bench, "eve@example.org");
});
afterAll(async () => {
	await stop();
	await rm(folder, { recursive: true, force: true });
});

const local = (route: string): string => `http://127.0.0.1:${new URL(siteOrigin(addressing, "accounts")).port}${route}`;

interface Sent {
	readonly status: number;
	readonly body: Record<string, never> & { error?: { code: string; message: string } };
}

async function send(route: string, body: unknown, headers: Record<string, string>): Promise<Sent> {
	const answer = await fetch(local(route), {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body: JSON.stringify(body),
	});
	expect(answer.headers.get("cache-control")).toBe("private, no-store");
	return { status: answer.status, body: await answer.json() };
}

async function proof(key: DeviceKey, route: string, secret: string): Promise<Record<string, string>> {
	return { dpop: await proveKey(key, { method: "POST", url: siteUrl(addressing, "accounts", route), secret }) };
}

const asked = (key: DeviceKey, name = "Attic") => ({ name, version: "0.1.0", key: publicDeviceKey(key) });

async function start(key: DeviceKey): Promise<{ claimCode: string; userCode: string }> {
	const { status, body } = await send(hostClaimPath, asked(key), await proof(key, hostClaimPath, ""));
	expect(status).toBe(200);
	return body as unknown as { claimCode: string; userCode: string };
}

async function poll(key: DeviceKey, claimCode: string): Promise<Sent> {
	return send(hostClaimTokenPath, { claimCode }, await proof(key, hostClaimTokenPath, claimCode));
}

async function answer(visitor: Visitor, code: string, decision = "approve"): Promise<string> {
	const next = await visitor.post(answerHostClaim, { code, decision });
	expect(next.pathname).toBe("/hosts/claim");
	return next.search;
}

/** What the page shows of a typed code. */
function shownTo(visitor: Visitor, code: string) {
	const { accessToken } = visitor.tokens;
	const user = { id: decodeJwt(accessToken).sub ?? "", email: "", name: null };
	const session = { accessToken, user } as unknown as Parameters<typeof findHostClaim>[1];
	return findHostClaim(bench.context, session, code, new Headers());
}

describe("a host", () => {
	it("is claimed by who types its code and sees the same fingerprint, and gets what it needs to take that person's passes", async () => {
		const { promise, resolve } = Promise.withResolvers<ClaimStep>();
		const claiming = claimHost({
			...{ stateDir: path.join(folder, "attic"), accountsOrigin: siteOrigin(addressing, "accounts"), name: "Attic", version: "0.1.0" },
			...{ again: false, show: resolve, signal: AbortSignal.timeout(60_000) },
		});
		const step = await promise;
		expect(step.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
		expect(step.verificationUrlComplete).toBe(siteUrl(addressing, "accounts", `/hosts/claim?code=${step.userCode}`));
		expect(await shownTo(ada, step.userCode.replace("-", ""))).toMatchObject({
			found: { name: "Attic", version: "0.1.0", place: null, fingerprint: step.fingerprint },
		});
		expect(await answer(ada, step.userCode.toLowerCase())).toBe("?answered=approved");

		const result = await claiming;
		expect(result).toMatchObject({ ok: true, ownerName: "Ada Lovelace", identity: { name: "Attic" } });
		const file = path.join(folder, "attic", "host.json");
		expect((await stat(file)).mode & 0o777).toBe(0o600);
		const kept = JSON.parse(await readFile(file, "utf8"));
		expect(kept.jwks.keys).toEqual(bench.context.signer.jwks.keys.map(({ kty, crv, x, y, kid }) => ({ kty, crv, x, y, kid })));
		const headers = { authorization: `Bearer ${ada.tokens.accessToken}` };
		const { status, body } = await send("/api/pass", { hostId: kept.hostId }, headers);
		expect([status, body.role]).toEqual([200, "owner"]);
		expect(decodeJwt(body.pass ?? "").aud).toBe(hostAudience(kept.hostId));
		expect((await send("/api/pass", { hostId: kept.hostId }, { authorization: `Bearer ${eve.tokens.accessToken}` })).status).toBe(404);
	});

	it("may fetch its identity again, in case the answer was lost", async () => {
		const key = await createDeviceKey();
		const { claimCode, userCode } = await start(key);
		expect((await poll(key, claimCode)).body.error?.code).toBe("authorization_pending");
		expect((await poll(key, claimCode)).body.error?.code).toBe("slow_down");
		await answer(ada, userCode);
		const [first, second] = [await poll(key, claimCode), await poll(key, claimCode)];
		expect([first.status, second]).toEqual([200, first]);
	});

	it("shows another fingerprint than one that somebody else sent a code of", async () => {
		const [mine, theirs] = [await createDeviceKey(), await createDeviceKey()];
		const [shown, sent] = [await start(mine), await start(theirs)];
		const challenge = createHash("sha256").update(shown.claimCode).digest("base64url");
		const onScreen = confirmCode(challenge, await thumbprintOf(mine));
		expect(await shownTo(eve, shown.userCode.replace("-", ""))).toMatchObject({ found: { fingerprint: onScreen } });
		expect(await shownTo(eve, sent.userCode.replace("-", ""))).not.toMatchObject({ found: { fingerprint: onScreen } });
	});

	it("is told when it was refused", async () => {
		const key = await createDeviceKey();
		const { claimCode, userCode } = await start(key);
		expect(await answer(ada, userCode, "refuse")).toBe("?answered=refused");
		expect((await poll(key, claimCode)).body.error?.code).toBe("access_denied");
		expect(await answer(ada, userCode)).toBe("?error=code_unknown");
	});

	it("has one owner when two people approve at the same moment, and both hosts of a copied key learn who lost", async () => {
		const key = await createDeviceKey();
		const [one, two] = [await start(key), await start(key)];
		const answers = await Promise.all([answer(ada, one.userCode), answer(eve, one.userCode), answer(eve, two.userCode)]);
		expect(answers.sort()).toEqual(["?answered=approved", "?error=host_owned", "?error=host_owned"]);
		const polled = [await poll(key, one.claimCode), await poll(key, two.claimCode)];
		expect(polled.map(({ status }) => status).sort()).toEqual([200, 409]);
	});

	it("that somebody owns is not claimed a second time, and says what to do", async () => {
		const key = await createDeviceKey();
		await answer(ada, (await start(key)).userCode);
		const again = await send(hostClaimPath, asked(key), await proof(key, hostClaimPath, ""));
		expect([again.status, again.body.error?.code]).toEqual([409, "conflict"]);
		expect(again.body.error?.message).toContain("revoke");
	});
});

describe("whoever is not the host", () => {
	it("begins no claim without the proof of the very key, in time, for this route", async () => {
		const [key, other] = [await createDeviceKey(), await createDeviceKey()];
		const late = await proof(key, hostClaimPath, "");
		for (const headers of [
			{},
			{ dpop: "a.b.c" },
			await proof(other, hostClaimPath, ""),
			await proof(key, hostClaimTokenPath, ""),
			await proof(key, hostClaimPath, "something"),
		]) {
			expect((await send(hostClaimPath, asked(key), headers)).status).toBe(401);
		}
		vi.setSystemTime(Date.now() + 62_000);
		expect((await send(hostClaimPath, asked(key), late)).status).toBe(401);
		vi.useRealTimers();
		expect(
			(await send(hostClaimPath, asked(key), { ...(await proof(key, hostClaimPath, "")), origin: "https://evil.example" })).status,
		).toBe(403);
		const leaking = { ...asked(key), key: { ...publicDeviceKey(key), d: key.d } };
		expect((await send(hostClaimPath, leaking, await proof(key, hostClaimPath, ""))).status).toBe(400);
		expect((await send(hostClaimPath, asked(key, "At\ntic"), await proof(key, hostClaimPath, ""))).status).toBe(400);
	});

	it("gets nothing with a claim code that was copied, nor with one that was guessed", async () => {
		const [key, thief] = [await createDeviceKey(), await createDeviceKey()];
		const { claimCode, userCode } = await start(key);
		await answer(ada, userCode);
		expect((await poll(thief, claimCode)).body.error?.code).toBe("invalid_grant");
		expect((await poll(key, randomBytes(32).toString("base64url"))).body.error?.code).toBe("invalid_grant");
		const elsewhere = await proof(key, hostClaimTokenPath, "another code");
		expect((await send(hostClaimTokenPath, { claimCode }, elsewhere)).status).toBe(401);
		expect((await send(hostClaimTokenPath, { claimCode }, {})).status).toBe(401);
		expect((await poll(key, claimCode)).status).toBe(200);
	});
});

describe("the page of claims", () => {
	it("takes ten codes in ten minutes, right or wrong", async () => {
		const guesser = await signedUp(bench, "guesser@example.org");
		const searches: string[] = [];
		for (let guess = 0; guess < 11; guess++) {
			searches.push(await answer(guesser, "BCDF-GHJK"));
		}
		expect([searches.at(0), searches.at(-1)]).toEqual(["?error=code_unknown", "?error=too_many"]);
		const { userCode } = await start(await createDeviceKey());
		expect(await shownTo(guesser, userCode.replace("-", ""))).toEqual({ error: "too_many" });
		expect(await answer(guesser, userCode)).toBe("?error=too_many");
	});

	it("gives nothing to who is signed out, or whose session was ended elsewhere", async () => {
		const key = await createDeviceKey();
		const { claimCode, userCode } = await start(key);
		expect(await answer(new Visitor(bench), userCode)).toBe(`?code=${userCode}`);
		const leaver = await signedUp(bench, "leaver@example.org");
		await fetch(`${bench.context.configuration.supabaseUrl}/auth/v1/logout?scope=global`, {
			method: "POST",
			headers: { apikey: bench.context.configuration.publishableKey, authorization: `Bearer ${leaver.tokens.accessToken}` },
		});
		expect(await answer(leaver, userCode)).toBe(`?code=${userCode}`);
		expect((await poll(key, claimCode)).body.error?.code).toBe("authorization_pending");
	});
});
