import { writeFile } from "node:fs/promises";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

it("tells nobody signed in from a sign-in that is damaged", async () => {
	expect(JSON.parse((await bench.run(["status", "--json"])).stdout).account).toEqual({ signedIn: false, userId: null, problem: null });
	await writeFile(homeFiles(bench.home).account, '{"issuer":');
	const damaged = JSON.parse((await bench.run(["status", "--json"])).stdout).account;
	expect(damaged).toEqual({ signedIn: false, userId: null, problem: expect.stringContaining("opta account login") });
	expect((await bench.run(["status"])).stdout).toContain(damaged.problem);
});
