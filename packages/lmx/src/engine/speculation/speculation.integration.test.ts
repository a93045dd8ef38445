import path from "node:path";
import { describe, expect, it } from "vitest";
import { startEngineChild } from "../../testing/engine-child.ts";
import type { SpeculationSettings } from "./speculation.ts";

const story = "stories260K.gguf";
const draft: SpeculationSettings = { kind: "draft", file: path.join(import.meta.dirname, "../../../models", story) };
const prompts = ["Once upon a time", "One day, a girl named Lily", "There was a big dog. There was a big"];

async function answers(speculation: SpeculationSettings | null) {
	const child = await startEngineChild(story, { speculation });
	try {
		const all = [];
		for (const text of prompts) {
			all.push(await child.generate({ prompt: { kind: "text", text, suffix: null }, maxTokens: 120 }));
		}
		return all;
	} finally {
		await child.stop();
	}
}

describe("speculation on a real model", () => {
	it.each([
		["with a draft model", draft],
		["by looking up", { kind: "lookup" } as const],
	])("gives the same answers %s, and tells how many guesses were right", async (_, speculation) => {
		const plain = await answers(null);
		const drafted = await answers(speculation);
		expect(drafted.map(({ text }) => text)).toEqual(plain.map(({ text }) => text));
		expect(plain.every(({ result }) => result.acceptedDraftTokens === 0)).toBe(true);
		expect(drafted.reduce((sum, { result }) => sum + result.acceptedDraftTokens, 0)).toBeGreaterThan(10);
	});

	it("refuses a draft model with other words", async () => {
		const other = path.join(import.meta.dirname, "../../../models/SmolLM2-135M-Instruct-Q4_1.gguf");
		await expect(startEngineChild(story, { speculation: { kind: "draft", file: other } })).rejects.toThrow(/must have the same words/);
	});
});
