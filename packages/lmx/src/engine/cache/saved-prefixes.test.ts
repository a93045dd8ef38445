import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { blockKeys, blockTokens } from "./prefix-blocks.ts";
import { SavedPrefixes } from "./saved-prefixes.ts";

let folder: string;
const lines: string[] = [];

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-saved-"));
	lines.length = 0;
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

function open(options: { namespace?: string; maxBytes?: number } = {}): SavedPrefixes {
	return new SavedPrefixes({ folder, maxBytes: options.maxBytes ?? 1e9 }, options.namespace ?? "model", (line) => lines.push(line));
}

const tokens = Int32Array.from({ length: 4 * blockTokens }, (_, index) => index % 7);
const keys = blockKeys("model", tokens, tokens.length);
const key = (index: number): string => keys[index] ?? "";
const state = (byte: number): Uint8Array<ArrayBuffer> => new Uint8Array(1000).fill(byte);

function fileOf(name: string): string {
	const file = readdirSync(folder, { recursive: true }).find((entry) => String(entry).endsWith(`${name}.kv`));
	return path.join(folder, String(file));
}

async function saved(...bytes: number[]): Promise<void> {
	const store = open();
	for (const [index, byte] of bytes.entries()) {
		store.write(key(index), state(byte));
	}
	await store.settled();
}

describe("SavedPrefixes", () => {
	it("gives state back to a later process, readable by its owner only", async () => {
		await saved(1, 2);
		const store = open();
		expect(await store.read(key(0))).toEqual(Buffer.from(state(1)));
		expect(await store.read(key(1))).toEqual(Buffer.from(state(2)));
		expect(store.has(key(2))).toBe(false);
		expect(statSync(fileOf(key(0))).mode & 0o777).toBe(0o600);
	});

	it("has nothing of another model", async () => {
		await saved(1);
		expect(open({ namespace: "other" }).has(key(0))).toBe(false);
		expect(blockKeys("other", tokens, tokens.length)).not.toContain(key(0));
	});

	it("has a block at once, while it is being written", async () => {
		const store = open();
		store.write(key(0), state(9));
		expect(store.has(key(0))).toBe(true);
		expect(await store.read(key(0))).toEqual(state(9));
		await store.settled();
		expect(store.bytesBeingWritten).toBe(0);
	});

	it.each([
		["cut short", (bytes: Buffer) => bytes.subarray(0, 500)],
		["altered", (bytes: Buffer) => bytes.fill(7, 600, 601)],
		["of another format", () => Buffer.from("something else")],
	])("ignores and removes a file that is %s", async (_, damage) => {
		await saved(1);
		writeFileSync(fileOf(key(0)), damage(readFileSync(fileOf(key(0)))));
		const store = open();
		expect(await store.read(key(0))).toBeNull();
		expect(store.has(key(0))).toBe(false);
		expect(lines.join()).toContain("is damaged");
	});

	it("does not take one block for another", async () => {
		await saved(1, 2);
		writeFileSync(fileOf(key(0)), readFileSync(fileOf(key(1))));
		expect(await open().read(key(0))).toBeNull();
	});

	it("says which files are not its own, and leaves them alone", async () => {
		await saved(1);
		const foreign = path.join(path.dirname(fileOf(key(0))), "notes.txt");
		writeFileSync(foreign, "mine");
		await open({ maxBytes: 1 }).settled();
		expect(lines.join()).toContain("notes.txt is no saved prefix");
		expect(readFileSync(foreign, "utf8")).toBe("mine");
	});

	it("removes the longest unused of all models when there is too much", async () => {
		await saved(1, 2, 3);
		for (const [index, age] of [3, 1, 2].entries()) {
			utimesSync(fileOf(key(index)), 1000 - age, 1000 - age);
		}
		const other = open({ namespace: "other", maxBytes: 2500 });
		await other.settled();
		const store = open();
		expect([0, 1, 2].map((index) => store.has(key(index)))).toEqual([false, true, true]);
	});

	it("goes on without saving where the folder cannot be written", async () => {
		writeFileSync(path.join(folder, "file"), "");
		const store = new SavedPrefixes({ folder: path.join(folder, "file"), maxBytes: 1e9 }, "model", (line) => lines.push(line));
		store.write(key(0), state(1));
		await store.settled();
		expect(store.has(key(0))).toBe(false);
		expect(lines).toHaveLength(1);
	});
});

describe("blockKeys", () => {
	it("names the same beginning alike and everything after a difference otherwise", () => {
		const other = tokens.slice();
		other[2 * blockTokens] = 99;
		expect(blockKeys("model", other, other.length).map((name, index) => name === keys[index])).toEqual([true, true, false, false]);
		expect(blockKeys("model", tokens, 3 * blockTokens - 1)).toEqual(keys.slice(0, 2));
	});
});
