import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { catalogue } from "../library/catalogue.ts";
import { resolveModel } from "./resolve-model.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-models-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function messageOf(wanted: string): string {
	const resolved = resolveModel(wanted, folder);
	return resolved.ok ? "" : resolved.message;
}

const models = path.join(import.meta.dirname, "../../models");

describe("the catalogue", () => {
	it("names files that are there, with their sizes, and a default among them", () => {
		for (const entry of catalogue.models.filter((model) => model.source === "bundled")) {
			expect(statSync(path.join(models, entry.fileName)).size).toBe(entry.fileBytes);
		}
		expect(new Set(catalogue.models.map((model) => model.id)).size).toBe(catalogue.models.length);
		expect(resolveModel(null, folder)).toMatchObject({
			ok: true,
			model: { id: "smollm2-135m-instruct", defaultSystemPrompt: "You are a helpful assistant." },
		});
	});
});

describe("resolveModel", () => {
	it("takes a GGUF file by its path", () => {
		const file = path.join(folder, "My-Model.gguf");
		copyFileSync(path.join(models, "stories260K.gguf"), file);
		expect(resolveModel(file, folder)).toMatchObject({ ok: true, model: { id: "my-model", title: "My-Model", file, sha256: null } });
	});

	it("says what to do about a model that is not there", () => {
		expect(messageOf(path.join(folder, "gone.gguf"))).toContain("There is no model file");
		expect(messageOf("gpt-9")).toContain('no model "gpt-9"');
		expect(messageOf("qwen3-8b")).toContain(
			`Download https://huggingface.co/Qwen/Qwen3-8B-GGUF/resolve/main/Qwen3-8B-Q4_K_M.gguf to ${folder}`,
		);
	});

	it("refuses what is no model, a folder, and a file cut short", () => {
		writeFileSync(path.join(folder, "text.gguf"), "hello");
		expect(messageOf(path.join(folder, "text.gguf"))).toContain("is not a GGUF model");
		expect(messageOf(`${folder}/`)).toContain("is not a file");
		const file = path.join(folder, "stories260K.gguf");
		writeFileSync(file, readFileSync(path.join(models, "stories260K.gguf")));
		truncateSync(file, 500_000);
		expect(messageOf("stories260k")).toContain("500000 bytes instead of 1185664");
	});
});
