import { writeFile } from "node:fs/promises";
import path from "node:path";
import { type StandInAccounts, startStandInAccounts } from "@opta/reach/testing/stand-in-accounts";
import { type StandInHost, startStandInHost } from "@opta/reach/testing/stand-in-host";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";
import { openTerminal } from "../../testing/cli-terminal.ts";

let bench: CliBench;
let accounts: StandInAccounts;
let host: StandInHost;

beforeEach(async () => {
	[bench, accounts, host] = await Promise.all([startCliBench(), startStandInAccounts(), startStandInHost()]);
	accounts.hosts = [host.described];
	await writeFile(path.join(bench.home, "config.json"), JSON.stringify({ accounts: { origin: accounts.origin } }));
	await writeFile(path.join(bench.home, "account.json"), JSON.stringify(accounts.credential), { mode: 0o600 });
});

afterEach(async () => {
	await bench.close();
	await Promise.all([host.close(), accounts.close()]);
});

async function json(...args: string[]): Promise<unknown> {
	const { code, stdout, stderr } = await bench.run([...args, "--json"]);
	return stdout === "" ? { code, stderr } : { code, ...JSON.parse(stdout) };
}

const joined = { state: "joined", via: "lan" };

it("joins the only host, allows to see and nothing else where nobody is asked, changes that, and leaves", async () => {
	expect(await json("reach")).toMatchObject({ code: 0, daemonRuns: false, host: null, allow: ["see"] });
	expect(await json("reach", "on")).toMatchObject({ code: 0, host: { name: "Mono512" }, allow: ["see"], link: joined });
	expect(await json("reach", "allow", "see,turns")).toMatchObject({ code: 0, allow: ["see", "turns"] });
	const pass = await accounts.devicePass();
	const dpop = await accounts.prove({ method: "GET", target: "/v3/sessions", pass }, "");
	const headers = { dpop, authorization: `Bearer ${pass}`, "x-opta-client-name": "phone" };
	expect((await fetch(`${host.peerUrl}/v3/sessions`, { headers })).status).toBe(200);
	const shown = await bench.run(["reach"]);
	expect(shown.stdout).toMatch(
		/^host +Mono512\nlink +joined in its own network \(http:\/\/127\.0\.0\.1:\d+\), since now\nallowed +see, turns\n/,
	);
	expect(shown.stdout).toContain("phone (from elsewhere)  GET /v3/sessions  200");
	expect((await bench.run(["status"])).stdout).toMatch(/\nreach +Mono512: joined in its own network/);
	const [link] = host.links;
	expect(await json("reach", "off")).toMatchObject({ code: 0, host: null });
	expect(await link!.ended).toMatchObject({ cause: "closed" });
	expect(await json("reach")).toMatchObject({ daemonRuns: true, host: null, link: { state: "off" } });
});

it("asks a person what may be done from elsewhere", async () => {
	const terminal = openTerminal(bench, ["reach", "on"]);
	await terminal.saw("See sessions from elsewhere");
	terminal.write("\r");
	await terminal.saw("Answer approvals from elsewhere");
	terminal.write("y\r");
	await terminal.saw("Start turns from elsewhere");
	terminal.write("\r");
	expect(await terminal.exit).toBe(0);
	expect(terminal.read()).toContain("see, approve");
	expect(await json("reach")).toMatchObject({ allow: ["see", "approve"], link: joined });
});

it("lets a host in whose key has changed, when the person joins it again", async () => {
	await bench.run(["reach", "on"]);
	const other = await startStandInHost(host.hostId);
	accounts.hosts = [other.described];
	await host.kill();
	const refused = async () => ((await json("reach")) as { link: { state: string } }).link.state;
	await expect.poll(refused, { timeout: 15_000 }).toBe("refused");
	expect((await bench.run(["reach"])).stdout).toContain("has another key than when this computer joined it");
	expect(other.links).toHaveLength(0);
	expect(await json("reach", "on")).toMatchObject({ code: 0, link: { ...joined, address: other.linkUrl } });
	await other.close();
});

it("says what is missing: a sign-in, a host, its name, a grant", async () => {
	const on = async (...args: string[]): Promise<string> => {
		const { code, stderr } = await bench.run(["reach", "on", ...args]);
		return `${code} ${stderr}`;
	};
	accounts.hosts = [];
	expect(await on()).toMatch(/^1 .*opta host claim/);
	accounts.hosts = [host.described, { ...host.described, id: "01a206ff-6941-76c8-90d1-90d4217cab22", name: "Attic" }];
	expect(await on()).toMatch(/^2 .*Mono512, Attic/);
	expect(await on("Cellar")).toMatch(/^2 .*no host of that name/);
	expect(await on("mono512", "--allow", "everything")).toMatch(/^2 .*see,approve,turns/);
	accounts.refuse = "invalid_grant";
	expect(await on()).toMatch(/^1 .*opta account login/);
	expect(await on()).toMatch(/^1 .*Nobody is signed in/);
});
