import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { preferredCallbackPort } from "@opta/auth/cli-login/browser-login";
import { openDeviceSession } from "@opta/auth/cli-login/device-session";
import { openFileCredentialStore } from "@opta/auth/cli-login/file-credential-store";
import { requestToken } from "@opta/auth/cli-login/request-token";
import { createDeviceKey } from "@opta/auth/device-credential/device-key";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { issuePass } from "../passes/issue-pass.ts";
import type { AccountsBench } from "../testing/accounts-bench.ts";
import { startDeviceBench } from "../testing/device-bench.ts";
import { signedUp, Visitor } from "../testing/visitor.ts";
import { answerUserCode } from "./answer-user-code.ts";
import { readApproval } from "./approval-cookie.ts";
import { approveTerminal } from "./approve-terminal.ts";

const harness = path.resolve(import.meta.dirname, "../../../packages/auth/src/cli-login/harness/main.ts");

let bench: AccountsBench;
let addressing: SiteAddressing;
let stop: () => Promise<void>;
let ada: Visitor;
let folder: string;

beforeAll(async () => {
	({ bench, stop } = await startDeviceBench((context) => ({ "POST /api/pass": (request) => issuePass(context, request) })));
	addressing = bench.context.configuration.addressing;
	ada = await signedUp(bench, "ada@example.org");
	folder = await mkdtemp(path.join(tmpdir(), "opta-device-"));
});

afterAll(async () => {
	await stop();
});

interface Step {
	readonly step: string;
	readonly url: string;
	readonly confirmCode: string;
	readonly port: number | null;
	readonly userCode: string;
	readonly [key: string]: unknown;
}

/** The harness as a process: a terminal whose steps can be waited for. */
class Terminal {
	readonly process: ChildProcess;
	readonly storeFile: string;
	output = "";
	readonly #steps: Step[] = [];
	#wake: () => void = () => undefined;

	constructor(args: readonly string[], storeFile = path.join(folder, `${randomBytes(6).toString("hex")}.json`)) {
		this.storeFile = storeFile;
		const portBase = String(addressing.portBase);
		this.process = spawn(process.execPath, [harness, ...args, "--store", storeFile, "--port-base", portBase], {
			stdio: ["pipe", "pipe", "pipe"],
		});
		createInterface({ input: this.process.stdout! }).on("line", (line) => {
			this.output += `${line}\n`;
			this.#steps.push(JSON.parse(line) as Step);
			this.#wake();
		});
		this.process.stderr!.on("data", (text) => {
			this.output += text;
		});
	}

	async step(): Promise<Step> {
		const gone = once(this.process, "exit").then(() => Promise.reject(new Error(`The terminal ended: ${this.output}`)));
		gone.catch(() => undefined);
		for (;;) {
			const next = this.#steps.shift();
			if (next !== undefined) {
				return next;
			}
			await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), gone]);
		}
	}

	async exitCode(): Promise<number | null> {
		return this.process.exitCode ?? ((await once(this.process, "exit")) as [number | null])[0];
	}
}

function fieldsOf(url: string): Record<string, string> {
	return Object.fromEntries(new URL(url).searchParams);
}

/** Presses "Approve" on the page of a link; answers what the next page would hold. */
async function approve(visitor: Visitor, url: string): Promise<{ code: string; state: string; port: number | null }> {
	const next = await visitor.post(approveTerminal, { ...fieldsOf(url), decision: "approve" });
	expect(next.pathname).toBe("/cli/approved");
	expect(next.search).toBe("");
	const approval = readApproval(visitor.cookieHeader);
	visitor.cookies.delete("__Host-opta-approval");
	return approval!;
}

async function signIn(visitor = ada): Promise<Terminal> {
	const terminal = new Terminal(["login"]);
	const { url, port } = await terminal.step();
	const { code, state } = await approve(visitor, url);
	await fetch(`http://127.0.0.1:${port}/callback?code=${code}&state=${state}`);
	expect((await terminal.step()).step).toBe("signed-in");
	expect(await terminal.exitCode()).toBe(0);
	return terminal;
}

async function refreshTokenIn(file: string): Promise<string> {
	return JSON.parse(await readFile(file, "utf8")).refreshToken;
}

describe("a terminal that signs in through the browser", () => {
	it("is signed in after an approval, gets passes, and is out after it signed out", async () => {
		const { storeFile } = await signIn();
		expect((await stat(storeFile)).mode & 0o777).toBe(0o600);
		const who = await new Terminal(["whoami"], storeFile).step();
		expect(who).toMatchObject({ step: "whoami", user: { email: "ada@example.org" } });
		expect(await new Terminal(["pass", "--host", bench.hostId], storeFile).step()).toMatchObject({ step: "pass", role: "owner" });
		expect(await new Terminal(["logout"], storeFile).step()).toMatchObject({ endedAtAccounts: true });
		await expect(stat(storeFile)).rejects.toThrow();
	});

	it("goes on waiting through hostile requests to its port", async () => {
		const terminal = new Terminal(["login"]);
		const { url, port } = await terminal.step();
		const { code, state } = await approve(ada, url);
		const at = (query: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${query}`, { redirect: "manual", ...init });
		for (const query of [
			"/",
			"/callback",
			`/callback?code=${code}`,
			`/callback?code=${code}&state=wrong`,
			`/callback?code=${code}&state=${state}&state=${state}`,
			`/callback?code=short&state=${state}`,
			`/callback/../callback/x?code=${code}&state=${state}`,
		]) {
			expect((await at(query)).status).toBe(400);
		}
		expect((await at(`/callback?code=${code}&state=${state}`, { method: "POST" })).status).toBe(400);
		for (let hit = 0; hit < 1000; hit += 50) {
			await Promise.all(Array.from({ length: 50 }, () => at("/callback?state=junk&code=junk").then((response) => response.arrayBuffer())));
		}
		const right = await at(`/callback?code=${code}&state=${state}`);
		expect([right.status, right.headers.get("location"), right.headers.get("cache-control")]).toEqual([303, "/done", "no-store"]);
		expect((await terminal.step()).step).toBe("signed-in");
		expect(terminal.output).not.toContain(await refreshTokenIn(terminal.storeFile));
	});

	it("answers to its own address only", async () => {
		const terminal = new Terminal(["login"]);
		const { port } = await terminal.step();
		const { request } = await import("node:http");
		const status = await new Promise((resolve) => {
			request({ host: "127.0.0.1", port: port!, path: "/callback", headers: { host: `evil.example:${port}` } }, (response) =>
				resolve(response.statusCode),
			).end();
		});
		expect(status).toBe(421);
		terminal.process.kill("SIGINT");
		expect(await terminal.exitCode()).toBe(1);
		await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
	});

	it("takes another port when a stranger holds the usual one, and two terminals can sign in at once", async () => {
		const stranger = createServer((socket) => socket.destroy());
		const isTaken = await new Promise<boolean>((resolve) => {
			stranger.once("error", () => resolve(true));
			stranger.listen(preferredCallbackPort, "127.0.0.1", () => resolve(false));
		});
		const terminals = [new Terminal(["login"]), new Terminal(["login"])];
		const steps = await Promise.all(terminals.map((terminal) => terminal.step()));
		expect(steps[0]!.port).not.toBe(steps[1]!.port);
		expect(steps.map(({ port }) => port)).not.toContain(preferredCallbackPort);
		for (const terminal of terminals) {
			terminal.process.kill("SIGINT");
			await terminal.exitCode();
		}
		if (!isTaken) {
			await new Promise((resolve) => stranger.close(resolve));
		}
	});

	it("takes a code that is typed when no browser can come back", async () => {
		const terminal = new Terminal(["login", "--no-listen"]);
		const { url } = await terminal.step();
		expect(new URL(url).searchParams.has("port")).toBe(false);
		const { code } = await approve(ada, url);
		terminal.process.stdin!.write(` ${code}\n`);
		expect((await terminal.step()).step).toBe("signed-in");
	});

	it("says so when nobody approves in time", async () => {
		const terminal = new Terminal(["login", "--timeout-ms", "300"]);
		await terminal.step();
		expect(await terminal.exitCode()).toBe(1);
		expect(terminal.output).toContain("in time");
	});

	it("shows another code for a link that somebody else sent", async () => {
		const [mine, theirs] = [new Terminal(["login"]), new Terminal(["login"])];
		expect((await mine.step()).confirmCode).not.toBe((await theirs.step()).confirmCode);
		for (const terminal of [mine, theirs]) {
			terminal.process.kill("SIGINT");
			await terminal.exitCode();
		}
	});
});

describe("the approve form", () => {
	const good = () => ({
		...{ challenge: randomBytes(32).toString("base64url"), state: randomBytes(24).toString("base64url") },
		...{ key: randomBytes(32).toString("base64url"), name: "Laptop", kind: "cli", port: "9998", decision: "approve" },
	});

	it.each(["0", "80", "99999", "9998@evil.com", "9998.evil.com", "9998/..//evil", "٩٩٩٨", "1e4", "0x270e", "-1", "9998 ", "09998"])(
		"refuses the port %j",
		async (port) => {
			const next = await ada.post(approveTerminal, { ...good(), port });
			expect(next.pathname + next.search).toBe("/cli");
			expect(readApproval(ada.cookieHeader)).toBeNull();
		},
	);

	it.each([
		["challenge", "short"],
		["challenge", ""],
		["state", "x"],
		["key", "k"],
		["kind", "admin"],
		["name", ""],
		["name", "a\u0007b"],
	])("refuses the %s %j", async (field, value) => {
		const next = await ada.post(approveTerminal, { ...good(), [field]: value });
		expect(next.search).toBe("");
		expect(readApproval(ada.cookieHeader)).toBeNull();
	});

	it("gives nothing to somebody who refuses, who is signed out, or whose session was ended elsewhere", async () => {
		await ada.post(approveTerminal, { ...good(), decision: "refuse" });
		expect(readApproval(ada.cookieHeader)).toBeNull();
		const nobody = new Visitor(bench);
		expect((await nobody.post(approveTerminal, good())).pathname).toBe("/cli");
		expect(readApproval(nobody.cookieHeader)).toBeNull();
		const leaver = await signedUp(bench, "leaver@example.org");
		await fetch(`${bench.context.configuration.supabaseUrl}/auth/v1/logout?scope=global`, {
			method: "POST",
			headers: { apikey: bench.context.configuration.publishableKey, authorization: `Bearer ${leaver.tokens.accessToken}` },
		});
		await leaver.post(approveTerminal, good());
		expect(readApproval(leaver.cookieHeader)).toBeNull();
	});
});

describe("codes and tokens", () => {
	async function approvedCode(): Promise<{ terminal: Terminal; code: string; state: string; port: number }> {
		const terminal = new Terminal(["login"]);
		const { url, port } = await terminal.step();
		return { terminal, ...(await approve(ada, url)), port: port! };
	}

	it("are worth nothing without the verifier and the key that asked", async () => {
		const { terminal, code } = await approvedCode();
		const stolen = await requestToken(addressing, await createDeviceKey(), {
			grantType: "code",
			code,
			codeVerifier: randomBytes(32).toString("base64url"),
		});
		expect(stolen).toMatchObject({ ok: false, code: "invalid_grant" });
		terminal.process.kill("SIGINT");
		await terminal.exitCode();
	});

	it("refuse a request without a proof, and one from a page", async () => {
		const url = `http://127.0.0.1:${addressing.portBase! + siteByName("accounts").portOffset}/api/device/token`;
		const body = JSON.stringify({ grantType: "refresh", refreshToken: "a".repeat(43) });
		const send = (headers: Record<string, string>) =>
			fetch(url, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
		expect((await send({})).status).toBe(401);
		expect((await send({ dpop: "a.b.c" })).status).toBe(401);
		expect((await send({ origin: "https://evil.example" })).status).toBe(403);
	});

	it("end the device when a copied refresh token comes back, and its owner reads why", async () => {
		const { storeFile } = await signIn();
		const copied = await refreshTokenIn(storeFile);
		const { key } = JSON.parse(await readFile(storeFile, "utf8"));
		for (let visit = 0; visit < 2; visit++) {
			expect((await new Terminal(["whoami"], storeFile).step()).step).toBe("whoami");
		}
		expect(await requestToken(addressing, key, { grantType: "refresh", refreshToken: copied })).toMatchObject({
			ok: false,
			code: "invalid_grant",
		});
		const terminal = new Terminal(["whoami"], storeFile);
		expect(await terminal.exitCode()).toBe(1);
		expect(terminal.output).toContain("signed out");
		const log = await fetch(
			`${bench.context.configuration.supabaseUrl}/rest/v1/security_events?select=kind,detail&order=seq.desc&limit=1`,
			{
				headers: { apikey: bench.context.configuration.publishableKey, authorization: `Bearer ${ada.tokens.accessToken}` },
			},
		);
		expect(await log.json()).toMatchObject([{ kind: "device.revoked", detail: { reason: "an old token came back" } }]);
	});

	it("survive a refresh whose answer was lost", async () => {
		const { storeFile } = await signIn();
		const before = await readFile(storeFile, "utf8");
		const { key, refreshToken } = JSON.parse(before);
		expect(await requestToken(addressing, key, { grantType: "refresh", refreshToken })).toMatchObject({ ok: true });
		expect((await new Terminal(["whoami"], storeFile).step()).step).toBe("whoami");
	});

	it("are refreshed once by many callers in two processes", async () => {
		const { storeFile } = await signIn();
		const sessions = [0, 1].map(() => openDeviceSession(addressing, openFileCredentialStore(storeFile)));
		const answers = await Promise.all(sessions.flatMap((session) => Array.from({ length: 8 }, () => session.whoAmI())));
		expect(answers.every(({ ok }) => ok)).toBe(true);
	});

	it("stop at once when the owner revokes the device", async () => {
		const { storeFile } = await signIn();
		const session = openDeviceSession(addressing, openFileCredentialStore(storeFile));
		expect((await session.whoAmI()).ok).toBe(true);
		await bench.context.portal.call("end_own_device", { of_device: JSON.parse(await readFile(storeFile, "utf8")).deviceId });
		expect(await session.whoAmI()).toMatchObject({ ok: false, code: "unauthenticated" });
		expect(await session.requestPass(bench.hostId)).toMatchObject({ ok: false, code: "unauthenticated" });
	});
});

describe("a device without a browser", () => {
	it("waits for the code to be typed and approved", async () => {
		const terminal = new Terminal(["login-code"]);
		const { userCode } = await terminal.step();
		expect(userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
		expect((await ada.post(answerUserCode, { code: userCode.toLowerCase(), decision: "approve" })).searchParams.get("answered")).toBe(
			"approved",
		);
		expect((await terminal.step()).step).toBe("signed-in");
	});

	it("is told when it was refused, and wrong codes run out", async () => {
		const terminal = new Terminal(["login-code"]);
		const { userCode } = await terminal.step();
		const guesser = await signedUp(bench, "guesser@example.org");
		const errors: (string | null)[] = [];
		for (let guess = 0; guess < 11; guess++) {
			errors.push((await guesser.post(answerUserCode, { code: "BCDF-GHJK", decision: "approve" })).searchParams.get("error"));
		}
		expect(errors.at(0)).toBe("code_unknown");
		expect(errors.at(-1)).toBe("too_many");
		await ada.post(answerUserCode, { code: userCode, decision: "refuse" });
		expect(await terminal.exitCode()).toBe(1);
		expect(terminal.output).toContain("refused");
	});
});
