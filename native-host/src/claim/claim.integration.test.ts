import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type FakeAccounts, startFakeAccounts } from "@opta/reach/testing/fake-accounts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
let accounts: FakeAccounts;
let stateDir: string;
let child: ChildProcess;

beforeEach(async () => {
	accounts = await startFakeAccounts();
	stateDir = path.join(mkdtempSync(path.join(tmpdir(), "opta-host-claim-")), "state");
});
afterEach(() => {
	child.kill("SIGKILL");
	accounts.close();
	rmSync(path.dirname(stateDir), { recursive: true, force: true });
});

async function claim(...flags: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
	child = spawn(process.execPath, [main, "claim", "--state-dir", stateDir, "--accounts-origin", accounts.origin, ...flags], {
		stdio: ["ignore", "pipe", "pipe"],
		env: {},
	});
	const written = Promise.all([child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream))));
	const [code] = await once(child, "exit");
	const [stdout = "", stderr = ""] = await written;
	return { code, stdout, stderr };
}

describe("npm run host -- claim", () => {
	it("shows code, address and fingerprint, and says whose host it is and what to do next", async () => {
		accounts.answers.unshift("authorization_pending");
		const { code, stdout, stderr } = await claim("--name", "Mono512");
		expect([code, stderr]).toEqual([0, ""]);
		expect(stdout).toContain(`Sign in at ${accounts.origin}/claim`);
		expect(stdout).toContain("BCDF-GHJK");
		expect(stdout).toMatch(/Approve only if it is this one:\n\n {4}[\dA-Z]{4}-[\dA-Z]{4}\n/);
		expect(stdout).toContain("Waiting for the approval (0:30 left)");
		expect(stdout).toContain(`This computer is the host "Mono512" of Ada now (${stateDir}).\nStart it`);
		const file = path.join(stateDir, "host.json");
		expect([JSON.parse(readFileSync(file, "utf8")).name, statSync(file).mode & 0o777]).toEqual(["Mono512", 0o600]);

		const second = await claim();
		expect([second.code, second.stdout]).toEqual([1, ""]);
		expect(second.stderr).toContain('This computer is claimed already, as "Mono512"');
	});

	it("ends at Ctrl-C without a trace", async () => {
		accounts.answers.splice(0, 1, "authorization_pending");
		const ended = claim();
		await once(child.stdout!, "data");
		child.kill("SIGINT");
		expect(await ended).toMatchObject({ code: 130, stderr: "The claim was stopped. Nothing was written.\n" });
		expect(existsSync(stateDir)).toBe(false);
	});

	it.each([
		[["--accounts-origin", "http://accounts.example.com"], /^--accounts-origin is "http:\/\/accounts\.example\.com"; .*\n$/],
		[["--name", " "], /^--name is " "; .*\n$/],
		[["--agian"], /^Unknown option '--agian'.*--help lists every flag\.\n$/s],
	])("refuses wrong usage in one line with exit code 2: %j", async (flags, line) => {
		const { code, stdout, stderr } = await claim(...flags);
		expect([code, stdout]).toEqual([2, ""]);
		expect(stderr).toMatch(line);
	});
});
