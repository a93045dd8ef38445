import { describe, expect, it } from "vitest";
import { parseModelSpec } from "./model-spec.ts";

describe("parseModelSpec", () => {
	it.each([
		[
			"hf:bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M",
			{ kind: "hub", repository: "bartowski/Llama-3.2-3B-Instruct-GGUF", quant: "Q4_K_M" },
		],
		["mlx-community/Qwen3-8B-4bit", { kind: "hub", repository: "mlx-community/Qwen3-8B-4bit", quant: null }],
		["qwen3-8b", { kind: "hub", repository: "Qwen/Qwen3-8B-GGUF", quant: "Qwen3-8B-Q4_K_M.gguf", catalogueId: "qwen3-8b" }],
		["https://example.com/a/m.gguf?x=1", { kind: "address" }],
	])("reads %s", (text, value) => {
		expect(parseModelSpec(text)).toMatchObject({ ok: true, value });
	});

	it.each([
		"",
		"hf:",
		"hf:a",
		"hf:a/b:",
		"hf:../b",
		"hf:a/..",
		"a/b/c",
		"file:///etc/passwd",
		"http://example.com/m.gguf",
		"https://u:p@example.com/m.gguf",
		"hf:a/b:../../x",
	])("refuses %j", (text) => {
		expect(parseModelSpec(text)).toMatchObject({ ok: false, error: { code: "invalid_request", param: "model" } });
	});

	it("says of a model that ships with LMX that it is here", () => {
		expect(parseModelSpec("stories260k")).toMatchObject({ ok: false, error: { code: "conflict" } });
	});
});
