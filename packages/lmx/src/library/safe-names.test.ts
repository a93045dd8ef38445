import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isModelId, isSafeFileName, modelIdFrom } from "./safe-names.ts";

describe("isSafeFileName", () => {
	it("takes what repositories hold", () => {
		for (const name of ["model.gguf", "Q4_K_M/model-00001-of-00002.gguf", "config.json", "a b (1).safetensors", "_x.json"]) {
			expect(isSafeFileName(name), name).toBe(true);
		}
	});

	it("refuses every way out of the folder", () => {
		for (const name of [
			"",
			"..",
			"../x",
			"a/../b",
			"/etc/passwd",
			"a//b",
			"a\\b",
			"C:\\x",
			".hidden",
			"a/.git",
			"con.gguf",
			"a\0b",
			"x.",
			"a/b/",
		]) {
			expect(isSafeFileName(name), name).toBe(false);
		}
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(".", "/", "\\", "a", "\0", "-", ":") }), (name) => {
				if (isSafeFileName(name)) {
					expect(path.resolve("/models", name).startsWith("/models/")).toBe(true);
				}
			}),
		);
	});
});

describe("modelIdFrom", () => {
	it("makes ids that are ids", () => {
		expect(modelIdFrom("Llama-3.2-3B-Instruct-Q4_K_M.gguf")).toBe("llama-3.2-3b-instruct-q4_k_m");
		fc.assert(fc.property(fc.string(), (name) => isModelId(modelIdFrom(name))));
	});
});
