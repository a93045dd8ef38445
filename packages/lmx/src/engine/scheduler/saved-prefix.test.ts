import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeContext, type FakeContextOptions } from "../../testing/fake-context.ts";
import { schedulerBench } from "../../testing/scheduler-bench.ts";
import { blockTokens } from "../cache/prefix-blocks.ts";
import { PrefixMover } from "../cache/prefix-mover.ts";
import { SavedPrefixes } from "../cache/saved-prefixes.ts";

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-saved-"));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

/** A model's process with its saved state; making another one is a restart. */
function start(options: Partial<FakeContextOptions> & { maxBytes?: number } = {}) {
	const context = new FakeContext({ answer: (prompt) => prompt.slice(0, 5).toUpperCase(), ...options });
	const store = new SavedPrefixes({ folder, maxBytes: options.maxBytes ?? 1e9 }, "model", (line) => {
		throw new Error(line);
	});
	const mover = new PrefixMover(
		context,
		store,
		() => 0,
		() => null,
	);
	const run = schedulerBench(context, { mover });
	return {
		...run,
		context,
		store,
		/** Runs steps and waits for the disk until nobody is open. */
		async finish(): Promise<void> {
			for (let turns = 0; run.step() || [...run.heard.values()].some(({ result }) => result === null); turns++) {
				if (turns > 20_000) {
					throw new Error("It never ends.");
				}
				await nextTurn();
			}
			await store.settled();
		},
	};
}

const long = (letter: string): string => letter.repeat(5 * blockTokens + 10);

describe("saved prefixes", () => {
	it("are there after a restart", async () => {
		const before = start();
		before.ask("first", `${long("a")}?`);
		await before.finish();
		const after = start();
		after.ask("again", `${long("a")}, and more?`);
		await after.finish();
		expect(after.heard.get("again")).toMatchObject({ text: "AAAAA", result: { cachedTokens: 5 * blockTokens } });
		expect(after.context.computedTokens).toBeLessThan(60);
	});

	it("let the cache forget chats that nobody goes on with, and bring them back", async () => {
		const run = start();
		for (const letter of ["a", "b", "c", "d"]) {
			run.ask(letter, long(letter));
			await run.finish();
		}
		expect(run.context.usedCells).toBeLessThan(2.5 * 6 * blockTokens);
		run.ask("again", `${long("a")}!`);
		await run.finish();
		expect(run.heard.get("again")).toMatchObject({ text: "AAAAA", result: { cachedTokens: 5 * blockTokens } });
	});

	it("leave the prompt that was used last where it is, to its last token", async () => {
		const run = start();
		const prompt = `${long("a")}?`;
		for (const id of ["first", "again", "and again", "once more"]) {
			run.ask(id, prompt);
			await run.finish();
			expect(run.heard.get(id)?.result?.cachedTokens).toBe(id === "first" ? 0 : prompt.length);
		}
	});

	it("do not hold up an answer that is running", async () => {
		const before = start();
		before.ask("first", long("a"));
		await before.finish();
		const after = start({ answer: () => "x".repeat(100) });
		after.ask("running", "r");
		after.step();
		after.ask("again", `${long("a")}?`);
		await after.finish();
		const running = after.context.steps.filter((step) => step.sequences.includes(0));
		expect(running.length).toBeGreaterThanOrEqual(100);
		expect(after.heard.get("running")?.text).toBe("x".repeat(100));
		expect(after.heard.get("again")?.result?.cachedTokens).toBe(5 * blockTokens);
	});

	it("are used as far as they are whole", async () => {
		const before = start();
		before.ask("first", long("a"));
		await before.finish();
		const after = start();
		after.context.restoreState = () => false;
		after.ask("again", `${long("a")}?`);
		await after.finish();
		expect(after.heard.get("again")).toMatchObject({ text: "AAAAA", result: { cachedTokens: 0 } });
	});

	it("come to rest where the disk holds less than the cache", async () => {
		const run = start({ maxBytes: 10_000 });
		run.ask("first", long("a"));
		await run.finish();
		run.ask("second", long("b"));
		await run.finish();
		expect(run.heard.get("second")?.text).toBe("BBBBB");
	});

	it("leave a request that is cancelled while it reads without a trace", async () => {
		const before = start();
		before.ask("first", long("a"));
		await before.finish();
		const after = start();
		after.ask("again", `${long("a")}?`);
		after.step();
		after.scheduler.cancel("again");
		after.ask("other", "other");
		after.heard.delete("again");
		await after.finish();
		expect(after.heard.get("other")?.text).toBe("OTHER");
		expect(after.scheduler.load()).toMatchObject({ active: 0, queued: 0 });
	});
});
