import { describe, expect, it } from "vitest";
import type { InstalledModel } from "../../library/installed-model.ts";
import { mlxBuildOf, readBuildName } from "./prefer-mlx.ts";

describe("readBuildName", () => {
	it.each([
		["mlx-community/Qwen3-8B-4bit", "qwen3-8b", 4],
		["Qwen3-8B-Q4_K_M", "qwen3-8b", 4],
		["qwen3-8b-iq4_xs", "qwen3-8b", 4],
		["Qwen3-8B-4bit-DWQ", "qwen3-8b", 4],
		["Qwen2.5-Coder-32B-Instruct-GGUF-Q8_0", "qwen2.5-coder-32b-instruct", 8],
		["Llama-3.1-8B-Instruct-bf16", "llama-3.1-8b-instruct", 16],
		["gemma-3-27b-it", "gemma-3-27b-it", null],
	])("%s is %s with %s bits", (id, stem, bits) => expect(readBuildName(id)).toEqual({ stem, bits }));
});

describe("mlxBuildOf", () => {
	const model = (id: string, format: "gguf" | "mlx", quantisation: string | null = null): InstalledModel =>
		({ id, format, quantisation }) as InstalledModel;
	const installed = [
		model("qwen3-8b-8bit", "mlx"),
		model("qwen3-8b-4bit", "mlx"),
		model("qwen3-4b-4bit", "mlx"),
		model("other-mlx", "mlx"),
	];

	it("finds the same model with the same number of bits", () => {
		expect(mlxBuildOf(model("Qwen3-8B-Q4_K_M", "gguf"), installed)?.id).toBe("qwen3-8b-4bit");
		expect(mlxBuildOf(model("Qwen3-8B", "gguf", "Q8_0"), installed)?.id).toBe("qwen3-8b-8bit");
	});

	it("takes no other model, and none whose bits nobody knows", () => {
		expect(mlxBuildOf(model("Qwen3-8B-Q5_K_M", "gguf"), installed)).toBeUndefined();
		expect(mlxBuildOf(model("Qwen3-14B-Q4_K_M", "gguf"), installed)).toBeUndefined();
		expect(mlxBuildOf(model("other", "gguf"), installed)).toBeUndefined();
		expect(mlxBuildOf(model("qwen3-8b-4bit", "mlx"), installed)).toBeUndefined();
	});
});
