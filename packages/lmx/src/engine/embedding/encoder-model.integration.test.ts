import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineChild, startEngineChild } from "../../testing/engine-child.ts";
import { tinyEncoder } from "../../testing/tiny-encoder.ts";

const folder = mkdtempSync(path.join(tmpdir(), "opta-encoder-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(pooling: "cls" | "rank"): Promise<EngineChild> {
	const file = path.join(folder, `${pooling}.gguf`);
	writeFileSync(file, tinyEncoder(pooling));
	return startEngineChild(file);
}

describe("a reranker", () => {
	let child: EngineChild;
	beforeAll(async () => {
		child = await start("rank");
	});
	afterAll(() => child.stop());

	it("gives every document a score of its own, the same alone and among others", async () => {
		expect(child.facts).toMatchObject({ architecture: "bert", generates: false, embeds: false, reranks: true, trainedContextTokens: 64 });
		const documents = ["a b c", "x y z", "hello", "a b c"];
		const { scores, promptTokens } = await child.operate<"rerank">({ kind: "rerank", query: "a b", documents });
		expect(scores.every(Number.isFinite)).toBe(true);
		expect(new Set(scores.map((score) => score.toFixed(5))).size).toBe(3);
		expect(scores[3]).toBeCloseTo(scores[0]!, 5);
		expect(promptTokens).toBe(4 * 5 + 3 + 3 + 5 + 3);
		const alone = await child.operate<"rerank">({ kind: "rerank", query: "a b", documents: ["x y z"] });
		expect(alone.scores[0]).toBeCloseTo(scores[1]!, 5);
	});

	it("refuses everything else, and what is longer than it reads", async () => {
		await expect(child.generate({})).rejects.toMatchObject({ code: "invalid_request", param: "model" });
		await expect(child.operate<"embed">({ kind: "embed", inputs: ["a"] })).rejects.toMatchObject({
			code: "invalid_request",
			param: "model",
		});
		const long = child.operate<"rerank">({ kind: "rerank", query: "a", documents: ["b", "c ".repeat(100)] });
		await expect(long).rejects.toMatchObject({ code: "context_length_exceeded", param: "documents[1]", details: { contextTokens: 64 } });
	});
});

describe("an encoder", () => {
	let child: EngineChild;
	beforeAll(async () => {
		child = await start("cls");
	});
	afterAll(() => child.stop());

	it("makes vectors of whole texts", async () => {
		expect(child.facts).toMatchObject({ generates: false, embeds: true, reranks: false });
		const inputs = Array.from({ length: 40 }, (_, index) => `word ${String.fromCharCode(97 + (index % 26))}`);
		const { vectors } = await child.operate<"embed">({ kind: "embed", inputs });
		expect(vectors).toHaveLength(40);
		for (const vector of vectors) {
			expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
		}
		expect(vectors[26]).toEqual(vectors[0]!.map((value) => expect.closeTo(value, 4)));
		expect(vectors[1]).not.toEqual(vectors[0]);
	});
});
