import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { siteOrigin } from "@opta/contracts/site-url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AccountsBench } from "../testing/accounts-bench.ts";
import { startDeviceBench } from "../testing/device-bench.ts";
import { signedUp, type Visitor } from "../testing/visitor.ts";
import { answerUserCode } from "./answer-user-code.ts";
import { readApproval } from "./approval-cookie.ts";
import { approveTerminal } from "./approve-terminal.ts";

const program = path.resolve(import.meta.dirname, "../../../packages/cli/src/main.ts");

let bench: AccountsBench;
let stop: () => Promise<void>;
let ada: Visitor;
let home: string;
let origin: string;

beforeAll(async () => {
	({ bench, stop } = await startDeviceBench());
	origin = siteOrigin(bench.context.configuration.addressing, "accounts");
	ada = await signedUp(bench, "ada@example.org");
	home = await mkdtemp(path.join(tmpdir(), "opta-account-"));
});
afterAll(async () => {
	await stop();
	await rm(home, { recursive: true, force: true });
});

function start(args: readonly string[]) {
	const child = spawn(process.execPath, [program, "--set", `accounts.origin=${origin}`, ...args], {
		env: { PATH: path.dirname(process.execPath), OPTA_HOME: home, NODE_ENV: "test" },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let stdout = "";
	let stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text) => {
		stderr += text;
	});
	const finished = once(child, "close").then(([code]) => ({ code, stdout, stderr }));
	/** The first match on stderr. */
	const shown = async (pattern: RegExp): Promise<string> => {
		for (;;) {
			const found = pattern.exec(stderr)?.[0];
			if (found !== undefined) {
				return found;
			}
			await Promise.race([once(child.stderr, "data"), finished.then(() => Promise.reject(new Error(stderr)))]);
		}
	};
	return { finished, shown };
}

it("signs opta in with the browser, says who that is, and signs out", async () => {
	const login = start(["account", "login", "--no-browser", "--no-vault", "--json"]);
	const url = new URL(await login.shown(/http:\S+\/cli\?\S+/));
	expect(await login.shown(/[0-9A-Z]{4}-[0-9A-Z]{4}/)).toBeTruthy();
	await ada.post(approveTerminal, { ...Object.fromEntries(url.searchParams), decision: "approve" });
	const approval = readApproval(ada.cookieHeader);
	await fetch(`http://127.0.0.1:${url.searchParams.get("port")}/callback?code=${approval?.code}&state=${approval?.state}`);
	const { code, stdout } = await login.finished;
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({ signedIn: true, user: { email: "ada@example.org" }, vaultPulled: false });
	expect((await stat(path.join(home, "account.json"))).mode & 0o777).toBe(0o600);

	const who = await start(["account", "whoami", "--json"]).finished;
	expect(JSON.parse(who.stdout)).toMatchObject({ user: { email: "ada@example.org" } });
	const devices = await start(["account", "devices"]).finished;
	expect(devices.stderr).toContain(`${origin}/sessions`);

	const out = await start(["account", "logout", "--json"]).finished;
	expect(JSON.parse(out.stdout)).toEqual({ signedIn: false, wasSignedIn: true, endedAtAccounts: true });
	await expect(readFile(path.join(home, "account.json"))).rejects.toThrow();
	expect((await start(["account", "whoami"]).finished).code).toBe(1);
});

it("signs opta in with a code that is typed on another device, and has its daemon pull the vault", async () => {
	const login = start(["account", "login", "--device"]);
	const userCode = await login.shown(/[B-Z]{4}-[B-Z]{4}/);
	await ada.post(answerUserCode, { code: userCode, decision: "approve" });
	const { code, stdout, stderr } = await login.finished;
	expect(code).toBe(0);
	expect(stdout).toContain("ada@example.org");
	// This device was not let into the vault yet: the daemon was asked, and said so.
	expect(stderr).toContain("Keys of the vault were not brought: ");
	expect((await start(["daemon", "stop"]).finished).stdout).toContain("has stopped");
	expect((await start(["account", "logout"]).finished).code).toBe(0);
});
