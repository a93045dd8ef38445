import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { deviceCredentialSchema } from "@opta/auth/cli-login/credential";
import { openFileCredentialStore } from "@opta/auth/cli-login/file-credential-store";
import { build } from "@opta/contracts/build";
import { errorBody } from "@opta/contracts/error-body";
import { type DoctorCheck, doctorReportSchema } from "@opta/contracts/schema/doctor";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
const closing: (() => void)[] = [];

function closeAll(): void {
	for (const close of closing.splice(0)) {
		close();
	}
}

beforeEach(async () => {
	bench = await startCliBench();
});
afterEach(async () => {
	closeAll();
	await bench.close();
});

async function listen(listener: RequestListener): Promise<number> {
	const server = createServer(listener).listen(0, "127.0.0.1");
	await once(server, "listening");
	closing.push(() => server.close().closeAllConnections());
	return (server.address() as AddressInfo).port;
}

function json(response: ServerResponse, status: number, body: unknown): void {
	response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

interface Examined {
	readonly code: number | null;
	readonly ok: boolean;
	readonly checks: Readonly<Record<string, DoctorCheck>>;
}

async function examine(environment: Readonly<Record<string, string>> = {}): Promise<Examined> {
	const { code, stdout } = await bench.run(["doctor", "--json"], { environment });
	const answer = JSON.parse(stdout);
	const { checks } = doctorReportSchema.parse(answer);
	return { code, ok: answer.ok, checks: Object.fromEntries(checks.map((check) => [`${check.layer}: ${check.name}`, check])) };
}

/** Accounts as `opta` meets them, a door behind which nothing is wrong, and a sign-in of this computer. */
async function signIn(answers: { hosts?: number; pass?: number; door?: number; lagMs?: number } = {}): Promise<Record<string, string>> {
	const model: DoctorCheck = { layer: "lmx", name: "model", state: "ok", summary: "It answers.", fix: null, durationMs: 1 };
	const doorPort = await listen(({ headers }, response) => {
		const status = headers.authorization === "Bearer the-pass" ? (answers.door ?? 200) : 401;
		json(response, status, status === 200 ? { build, at: new Date().toISOString(), checks: [model] } : errorBody("invalid_pass", "No."));
	});
	const host = {
		...{ id: randomUUID(), name: "Mono512", role: "owner", doorUrl: `http://127.0.0.1:${doorPort}` },
		...{ lanUrls: [], key: null, lastSeenAt: null },
	};
	const deviceId = randomUUID();
	const userId = randomUUID();
	const port = await listen(({ url }, response) => {
		response.setHeader("date", new Date(Date.now() - (answers.lagMs ?? 0)).toUTCString());
		const soon = new Date(Date.now() + 3_600_000).toISOString();
		switch (url) {
			case "/api/device/token":
				return json(response, 200, { accessToken: "access", expiresAt: soon, refreshToken: "r".repeat(22), deviceId, userId });
			case "/api/device/hosts":
				return json(
					response,
					answers.hosts ?? 200,
					answers.hosts === undefined ? { hosts: [host] } : errorBody(answers.hosts === 401 ? "unauthenticated" : "unavailable", "No."),
				);
			case "/api/pass":
				return answers.pass === undefined
					? json(response, 200, { pass: "the-pass", role: "owner", expiresAt: soon })
					: json(response, answers.pass, errorBody("forbidden", "No member."));
			default:
				return json(response, 200, { statements: ["a.b.c"] });
		}
	});
	const issuer = `http://accounts.optalocal.localhost:${port}`;
	const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
	const credential = deviceCredentialSchema.parse({ issuer, deviceId, userId, key, refreshToken: "r".repeat(22) });
	await openFileCredentialStore(homeFiles(bench.home).account).write(credential);
	return { OPTA_ACCOUNTS_ORIGIN: issuer };
}

describe("opta doctor", () => {
	it("finds nothing broken on a computer that works, without a sign-in, and tells it by layer", async () => {
		const { code, ok, checks } = await examine();
		expect([code, ok]).toEqual([0, true]);
		expect(checks["session: session"]).toMatchObject({ state: "skipped", summary: expect.stringContaining("not signed in") });
		expect(checks["lmx: host"]).toMatchObject({ state: "ok", summary: expect.stringContaining(bench.model.url) });
		expect(checks["computer: git"]).toMatchObject({ state: "ok" });
		const { stdout } = await bench.run(["doctor"]);
		expect(stdout).toMatch(/^computer\n {2}\S config: [\s\S]*\nsession\n {2}\S session: [\s\S]*\nlmx\n {2}✓ host: /);
	});

	it("says what is wrong with a configuration, a sign-in and a host, and what to do, and ends with 1", async () => {
		await writeFile(homeFiles(bench.home).account, '{"issuer":');
		const away = await examine({ OPTA_CONNECTION_PORT: "1" });
		expect([away.code, away.ok]).toEqual([1, false]);
		expect(away.checks["session: session"]).toMatchObject({ state: "failed", fix: "opta account login" });
		expect(away.checks["lmx: host"]).toMatchObject({ state: "failed", fix: "opta connect; on the host: opta serve start" });
		await writeFile(path.join(bench.home, "config.json"), '{"model": 5}');
		const { checks } = await examine();
		expect(checks["computer: config"]).toMatchObject({
			state: "failed",
			summary: expect.stringContaining("config.json"),
			fix: "Correct it: opta config edit",
		});
	});

	it("warns of a host at an address of an overlay network", async () => {
		const { checks } = await examine({ OPTA_CONNECTION_HOST: "mono512.tail1234.ts.net" });
		expect(checks["address: address"]).toMatchObject({ state: "warning", fix: expect.stringContaining("opta connect --save") });
	});

	it("goes to the person's host by accounts, and tells what its door found", async () => {
		const { code, checks } = await examine(await signIn());
		expect(code).toBe(0);
		expect(checks["session: accounts"]).toMatchObject({ state: "ok" });
		expect(checks["membership: hosts"]).toMatchObject({ state: "ok", summary: "owner of Mono512; looked at: Mono512" });
		expect(checks["door: door"]).toMatchObject({ state: "ok" });
		expect(checks["lmx: model"]).toMatchObject({ state: "ok", summary: "It answers." });
		expect(checks["clock: this computer and accounts"]).toMatchObject({ state: "ok" });
	});

	it.each([
		["accounts that give no hosts", { hosts: 503 }, "session: accounts", "status.optalocal.com"],
		["accounts that know this computer no more", { hosts: 401 }, "session: accounts", "opta account login"],
		["a membership that ended", { pass: 403 }, "membership: membership", "Ask its owner for an invitation"],
		["a door that refuses the pass", { door: 401 }, "door: door", "clock of the host"],
		["a clock that is off", { lagMs: 90_000 }, "clock: this computer and accounts", "NTP"],
	] as const)("tells %s", async (_name, answers, at, fix) => {
		const { code, checks } = await examine(await signIn(answers));
		expect(code).toBe(1);
		expect(checks[at]).toMatchObject({ state: "failed", fix: expect.stringContaining(fix) });
	});

	it("tells a sign-in that accounts does not answer", async () => {
		const environment = await signIn();
		closeAll();
		const { checks } = await examine(environment);
		expect(checks["session: accounts"]).toMatchObject({ state: "failed", fix: expect.stringContaining("way to the internet") });
	});
});
