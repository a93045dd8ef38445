import { describe, expect, it } from "vitest";
import type { InstalledModel } from "../library/installed-model.ts";
import { fakeModel } from "../testing/fake-runner.ts";
import { preparedFileOf } from "./prepared-weights.ts";

const settings = { dir: "/state/weights", maxBytes: 1e9 };
const small: InstalledModel = { ...fakeModel("small", 90e6), quantisation: "Q4_1", parameters: 135e6, sha256: "ab" };
const fileOf = (changes: Partial<InstalledModel>): string | null => preparedFileOf({ ...small, ...changes }, settings, "cpu");

describe.runIf(process.arch === "x64")("the file of prepared weights", () => {
	it("is there for small models whose weights are slow on this processor, and for no others", () => {
		expect(fileOf({})).toMatch(/^\/state\/weights\/[0-9a-f]{32}\.gguf$/);
		expect(fileOf({ quantisation: "Q5_1" })).not.toBeNull();
		expect(fileOf({ quantisation: "Q4_K_M" })).toBeNull();
		expect(fileOf({ quantisation: null })).toBeNull();
		expect(fileOf({ parameters: 600e6 })).toBeNull();
		expect(fileOf({ parameters: null })).toBeNull();
		expect(fileOf({ format: "mlx" })).toBeNull();
		const part = { name: "part.gguf", bytes: 1, sha256: null };
		expect(fileOf({ files: [part, part] })).toBeNull();
		expect(preparedFileOf(small, null, "cpu")).toBeNull();
		expect(preparedFileOf(small, settings, "metal")).toBeNull();
	});

	it("belongs to the content of the model, wherever that lies", () => {
		expect(fileOf({ path: "/elsewhere/small.gguf", id: "other" })).toBe(fileOf({}));
		expect(fileOf({ sha256: "cd" })).not.toBe(fileOf({}));
		expect(fileOf({ sha256: null })).not.toBe(fileOf({ sha256: null, modifiedAt: new Date(1) }));
	});
});
