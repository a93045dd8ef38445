import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type EngineChild, startEngineChild } from "../../testing/engine-child.ts";
import { blockTokens } from "./prefix-blocks.ts";

let folder: string;
let child: EngineChild | null = null;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-prefixes-"));
});

afterEach(async () => {
	await stop();
	rmSync(folder, { recursive: true, force: true });
});

async function stop(): Promise<void> {
	await child?.stop();
	child = null;
}

async function restart(): Promise<EngineChild> {
	await stop();
	child = await startEngineChild("stories260K.gguf", { savedPrefixes: { folder, maxBytes: 1e9 } });
	return child;
}

function savedFiles(): string[] {
	const names = readdirSync(folder, { recursive: true }).map(String);
	return names.filter((name) => name.endsWith(".kv")).map((name) => path.join(folder, name));
}

const text = "Once upon a time there was a little girl who had a red ball and a blue ball. ".repeat(12);
const prompt = { kind: "text", text, suffix: null } as const;

describe("a model's process", () => {
	it("goes on after kill -9 with what was saved, and answers the same", async () => {
		const first = await (await restart()).generate({ prompt });
		const blocks = Math.floor(first.result.promptTokens / blockTokens);
		expect(blocks).toBeGreaterThan(2);
		await vi.waitFor(() => expect(savedFiles().length).toBeGreaterThanOrEqual(blocks), 20_000);
		const second = await (await restart()).generate({ prompt });
		expect(first.result.cachedTokens).toBe(0);
		expect(second.result.cachedTokens).toBeGreaterThanOrEqual((blocks - 1) * blockTokens);
		expect(second.text).toBe(first.text);
	});

	it("computes anew what a damaged file held", async () => {
		const first = await (await restart()).generate({ prompt });
		const blocks = Math.floor(first.result.promptTokens / blockTokens);
		await vi.waitFor(() => expect(savedFiles().length).toBeGreaterThanOrEqual(blocks), 20_000);
		await stop();
		for (const file of savedFiles()) {
			writeFileSync(file, readFileSync(file).subarray(0, 100));
		}
		const second = await (await restart()).generate({ prompt });
		expect(second.result.cachedTokens).toBe(0);
		expect(second.text).toBe(first.text);
	});
});
