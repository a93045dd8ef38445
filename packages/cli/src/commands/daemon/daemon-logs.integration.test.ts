import { appendFile, mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type CliBench, startCliBench } from "../../testing/cli-process.ts";

let bench: CliBench;
beforeAll(async () => {
	bench = await startCliBench();
});
afterAll(() => bench.close());

it("follows the log, also into the file that takes its place", async () => {
	const file = homeFiles(bench.home).daemonLog;
	await mkdir(path.dirname(file), { recursive: true });
	await writeFile(file, `${Array.from({ length: 5 }, (_, index) => `{"msg":"old ${index}"}`).join("\n")}\n`);
	const call = bench.start(["daemon", "logs", "--json", "-n", "2", "--follow"]);
	await call.saw('"old 4"');
	await appendFile(file, '{"msg":"new"}\n');
	await call.saw('{"msg":"new"}');
	await rename(file, `${file}.1`);
	await writeFile(file, '{"msg":"rotated"}\n');
	await call.saw('{"msg":"rotated"}');
	call.child.kill("SIGINT");
	const { code, stdout } = await call.finished;
	expect(code).toBe(130);
	expect(stdout.split("\n").slice(0, 2)).toEqual(['{"msg":"old 3"}', '{"msg":"old 4"}']);
});
