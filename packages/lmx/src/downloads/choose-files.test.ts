import { describe, expect, it } from "vitest";
import { chooseFiles, type HubFile } from "./choose-files.ts";

function files(...names: string[]): HubFile[] {
	return names.map((path) => ({ path, bytes: 1, sha256: null, gitSha1: null }));
}

function chosen(list: readonly HubFile[], quant: string | null): unknown {
	const answer = chooseFiles("a/b", list, quant);
	return answer.ok ? answer.value.files.map(({ path }) => path) : answer.error.message;
}

const many = files(
	"m-Q4_K_M.gguf",
	"m-UD-Q4_K_M.gguf",
	"m-Q4_K_S.gguf",
	"Q8_0/m-Q8_0-00001-of-00002.gguf",
	"Q8_0/m-Q8_0-00002-of-00002.gguf",
	"BF16/m-BF16-00001-of-00003.gguf",
	"mmproj-F16.gguf",
	"imatrix.gguf",
	"README.md",
);

describe("chooseFiles", () => {
	it("finds the file that a quantisation names, by whole words, in any case", () => {
		expect(chosen(many, "q4_k_m")).toEqual(["m-Q4_K_M.gguf"]);
		expect(chosen(many, "UD-Q4_K_M")).toEqual(["m-UD-Q4_K_M.gguf"]);
		expect(chosen(many, "m-Q4_K_S.gguf")).toEqual(["m-Q4_K_S.gguf"]);
		expect(chosen(many, "Q4_K")).toContain('no file for "Q4_K"');
	});

	it("takes all parts of a split file, or none", () => {
		expect(chosen(many, "Q8_0")).toEqual(["Q8_0/m-Q8_0-00001-of-00002.gguf", "Q8_0/m-Q8_0-00002-of-00002.gguf"]);
		expect(chosen(many, "BF16")).toContain("not hold all parts");
	});

	it("takes the best known one when none is named, and asks where it cannot know", () => {
		expect(chosen(many, null)).toEqual(["m-Q4_K_M.gguf"]);
		expect(chosen(files("only.gguf"), null)).toEqual(["only.gguf"]);
		expect(chosen(files("one.gguf", "two.gguf"), null)).toContain("It has: one, two");
		expect(chosen(files("README.md"), null)).toContain("holds no GGUF file and no MLX model");
	});

	it("takes what an MLX model needs, and no code", () => {
		const names = ["config.json", "model.safetensors", "tokenizer.model", "merges.txt", "chat_template.jinja"];
		expect(chosen(files(...names, "modeling.py", "README.md", "onnx/model.json", ".gitattributes"), null)).toEqual(names);
	});
});
