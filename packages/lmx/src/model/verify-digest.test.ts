import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelSource } from "./resolve-model.ts";
import { verifyDigest } from "./verify-digest.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-digest-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256OfHello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

function model(text: string, modifiedAt = new Date(1_000_000)): ModelSource {
	const file = path.join(folder, "m.gguf");
	writeFileSync(file, text);
	utimesSync(file, modifiedAt, modifiedAt);
	return {
		id: "m",
		title: "m",
		file,
		fileBytes: statSync(file).size,
		modifiedAt,
		licence: null,
		defaultSystemPrompt: null,
		defaultTemperature: null,
		sha256: sha256OfHello,
	};
}

describe("verifyDigest", () => {
	it("accepts the published file and tells a changed one", async () => {
		const seen = path.join(folder, "lmx", "seen.json");
		expect(await verifyDigest(model("hello"), seen)).toBeNull();
		expect(await verifyDigest(model("hellO", new Date(2_000_000)), seen)).toContain("is damaged");
	});

	it("does not read a file again that has not changed, and survives a damaged record", async () => {
		const seen = path.join(folder, "seen.json");
		await verifyDigest(model("hello"), seen);
		expect(await verifyDigest(model("HELLO"), seen)).toBeNull();
		writeFileSync(seen, "{ broken");
		expect(await verifyDigest(model("HELLO"), seen)).toContain("is damaged");
	});
});
