import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ggufFacts } from "../library/gguf/gguf-facts.ts";
import { readGgufHeader } from "../library/gguf/read-gguf-header.ts";
import { modelShape } from "../memory/model-shape.ts";
import { startEngineChild } from "../testing/engine-child.ts";
import { fakeModel } from "../testing/fake-runner.ts";
import { prepareWeights } from "./prepared-weights.ts";

const source = path.join(import.meta.dirname, "../../models/SmolLM2-135M-Instruct-Q4_1.gguf");
const model = { ...fakeModel("smol", 98_362_432), path: source, parameters: 134_515_008 };
const options = { signal: new AbortController().signal, onProgress: () => undefined };

let dir: string;
beforeAll(() => {
	dir = mkdtempSync(path.join(tmpdir(), "opta-weights-"));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("prepareWeights", () => {
	it("makes a file of Q8_0 as large as predicted, once, that answers like the model's own", async () => {
		const target = path.join(dir, "made.gguf");
		const heard: number[] = [];
		const settings = { dir, maxBytes: 1e9 };
		expect(await prepareWeights(model, target, settings, { ...options, onProgress: (fraction) => heard.push(fraction) })).toBeNull();
		expect(heard.at(-1)).toBe(1);
		const [before, after] = await Promise.all([readGgufHeader(source), readGgufHeader(target)]);
		if (!before.ok || !after.ok) {
			throw new Error("A header cannot be read.");
		}
		expect(ggufFacts(after.header).quantisation).toBe("Q8_0");
		expect(modelShape([after.header]).weightBytes).toBe(modelShape([before.header]).preparedBytes);
		const { ino } = statSync(target);
		expect(await prepareWeights(model, target, settings, options)).toBeNull();
		expect(statSync(target).ino).toBe(ino);
		const child = await startEngineChild(source, { preparedFile: target });
		try {
			expect(child.facts.preparedWeights).toBe(true);
			const { text } = await child.generate({ prompt: { kind: "text", text: "The capital of France is", suffix: null }, maxTokens: 3 });
			expect(text).toContain("Paris");
		} finally {
			await child.stop();
		}
	});

	it("removes what was longest unused when there is no room for more", async () => {
		for (const [age, name] of ["new", "old"].entries()) {
			const file = path.join(dir, `${name}.gguf`);
			writeFileSync(file, Buffer.alloc(1e6));
			utimesSync(file, age, 1e6 - age * 1000);
		}
		rmSync(path.join(dir, "made.gguf"), { force: true });
		expect(await prepareWeights(model, path.join(dir, "next.gguf"), { dir, maxBytes: 144.5e6 }, options)).toBeNull();
		expect(readdirSync(dir).sort()).toEqual(["new.gguf", "next.gguf"]);
	});

	it("says why it cannot, and leaves nothing behind", async () => {
		const target = path.join(dir, "never.gguf");
		const settings = { dir, maxBytes: 1e9 };
		expect(await prepareWeights({ ...model, path: path.join(dir, "missing.gguf") }, target, settings, options)).not.toBeNull();
		expect(await prepareWeights(model, target, settings, { ...options, signal: AbortSignal.abort() })).not.toBeNull();
		expect(readdirSync(dir).filter((name) => name.includes("never"))).toEqual([]);
		expect(existsSync(target)).toBe(false);
	});
});
