import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { processStart } from "./process-start.ts";
import { takeStateLock } from "./state-lock.ts";

/** Above the greatest id that Linux and macOS give. */
const nobodysPid = 2 ** 30;

let file: string;
beforeEach(async () => {
	file = path.join(await mkdtemp(path.join(tmpdir(), "opta-lock-")), "supabase", "lock.json");
});

async function take() {
	const taken = await takeStateLock(file);
	if (!taken.ok) {
		throw new Error(`held by ${taken.holder.pid}`);
	}
	return taken.lock;
}

async function leaveBehind(text: string): Promise<void> {
	await (await take()).release();
	await writeFile(file, text);
}

describe("takeStateLock", () => {
	it("names the process that holds the lock", async () => {
		await take();
		expect(await takeStateLock(file)).toEqual({ ok: false, holder: { pid: process.pid, start: processStart(process.pid) } });
	});

	it("is free again after it was given back", async () => {
		await (await take()).release();
		await expect(take()).resolves.toBeDefined();
	});

	it.each([
		["a process that is gone", JSON.stringify({ pid: nobodysPid, start: "then" })],
		["an earlier process whose id is in use again", JSON.stringify({ pid: process.pid, start: "long ago" })],
		["nobody: it is broken", '{"pid":'],
		["nobody: it is empty", ""],
	])("takes over a lock of %s", async (_whose, text) => {
		await leaveBehind(text);
		await take();
		expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid });
	});

	it("takes over where a process died while it took over", async () => {
		await leaveBehind("broken");
		await writeFile(`${file}.takeover`, JSON.stringify({ pid: nobodysPid, start: null }));
		await expect(take()).resolves.toBeDefined();
	});

	it("lets one of many have a stale lock", async () => {
		await leaveBehind(JSON.stringify({ pid: nobodysPid, start: null }));
		const results = await Promise.all(Array.from({ length: 12 }, () => takeStateLock(file)));
		expect(results.filter((result) => result.ok)).toHaveLength(1);
	});

	it("does not give back a lock that somebody else has meanwhile", async () => {
		const lock = await take();
		const others = JSON.stringify({ pid: nobodysPid, start: null });
		await writeFile(file, others);
		await lock.release();
		expect(await readFile(file, "utf8")).toBe(others);
	});
});
