import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { type FakeAccounts, startFakeAccounts } from "@opta/reach/testing/fake-accounts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
let accounts: FakeAccounts;

beforeEach(async () => {
	[bench, accounts] = await Promise.all([startCliBench(), startFakeAccounts()]);
});

afterEach(async () => {
	accounts.close();
	await bench.close();
});

const claim = (...args: string[]) => bench.run(["host", "claim", "--accounts-origin", accounts.origin, "--name", "Mono512", ...args]);

it("shows code and fingerprint, and keeps the claimed host for its user alone; a second claim is refused", async () => {
	accounts.answers.unshift("authorization_pending");
	const { code, stdout, stderr } = await claim();
	expect(code).toBe(0);
	expect(stderr).toContain(`Sign in at ${accounts.origin}/claim and enter this code:\n\n    BCDF-GHJK\n`);
	expect(stderr).toMatch(/Approve only if it is this one:\n\n {4}[\dA-Z]{4}-[\dA-Z]{4}\n/);
	expect(stdout).toBe(`This computer is the host "Mono512" of Ada now. Who may use it: ${accounts.origin}/hosts\n`);
	const file = path.join(bench.home, "host.json");
	expect((await stat(file)).mode & 0o777).toBe(0o600);
	expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ name: "Mono512", issuer: accounts.origin });
	expect(await claim()).toMatchObject({ code: 1, stderr: expect.stringContaining("claimed already") });
});

it("prints JSON for scripts", async () => {
	const { code, stdout } = await claim("--json");
	expect([code, JSON.parse(stdout)]).toEqual([0, { claimed: true, hostId: expect.any(String), name: "Mono512", ownerName: "Ada" }]);
});

it("ends at Ctrl-C with nothing written", async () => {
	accounts.answers.splice(0, 1, "authorization_pending");
	const running = bench.start(["host", "claim", "--accounts-origin", accounts.origin]);
	await running.saw("BCDF-GHJK");
	running.child.kill("SIGINT");
	expect(await running.finished).toMatchObject({ code: 130, stderr: expect.stringContaining("Nothing was written") });
	await expect(stat(path.join(bench.home, "host.json"))).rejects.toThrow("ENOENT");
});

it("refuses accounts that are none, a claim that was denied, and a computer that hosts nothing", async () => {
	expect(await bench.run(["host", "claim", "--accounts-origin", "https://example.com"])).toMatchObject({ code: 2 });
	accounts.answers.splice(0, 1, "access_denied");
	expect(await claim()).toMatchObject({ code: 1, stderr: expect.stringContaining("access_denied") });
	await writeFile(path.join(bench.home, "config.json"), '{"hostPolicy":"client"}');
	expect(await claim()).toMatchObject({ code: 3, stderr: expect.stringContaining("client only") });
});
