import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventBus } from "../events/event-bus.ts";
import { smallModel } from "../testing/gguf-file.ts";
import { catalogue } from "./catalogue.ts";
import { FolderLibrary, quarantineFolder } from "./folder-library.ts";
import { writeManifest } from "./model-manifest.ts";

const shipped = path.join(import.meta.dirname, "../../models");
let home: string;
let modelDir: string;
let events: EventBus;
let library: FolderLibrary | null;

beforeEach(() => {
	home = mkdtempSync(path.join(tmpdir(), "opta-library-"));
	modelDir = path.join(home, "models");
	mkdirSync(modelDir);
	events = new EventBus();
	library = null;
});
afterEach(() => {
	library?.close();
	rmSync(home, { recursive: true, force: true });
});

async function open(modelFile: string | null = null): Promise<FolderLibrary> {
	library = await FolderLibrary.open({
		modelDir,
		stateDir: path.join(home, "state"),
		modelFile,
		events,
		logger: pino({ level: "silent" }),
	});
	return library;
}

function nextChange(): Promise<LmxEvent> {
	return new Promise((resolve) => {
		const end = events.subscribe((event) => {
			if (event.type === "models.changed") {
				end();
				resolve(event);
			}
		});
	});
}

async function install(id: string, bytes: Buffer): Promise<void> {
	mkdirSync(path.join(modelDir, id));
	writeFileSync(path.join(modelDir, id, "model.gguf"), bytes);
	await writeManifest(path.join(modelDir, id), {
		version: 1,
		id,
		title: "A model",
		format: "gguf",
		files: [{ name: "model.gguf", bytes: bytes.length, sha256: "00".repeat(32) }],
		origin: "hf:me/repo:F16",
		revision: null,
		licence: "MIT",
		quantisation: null,
		architecture: null,
		trainedContextTokens: null,
		parameters: null,
		defaultSystemPrompt: null,
		defaultTemperature: null,
		installedAt: new Date(0).toISOString(),
	});
}

describe("FolderLibrary", () => {
	it("has the models that ship with LMX, with the sizes that the catalogue names", async () => {
		const found = (await open()).list();
		for (const entry of catalogue.models.filter(({ source }) => source === "bundled")) {
			expect(found.find(({ id }) => id === entry.id)).toMatchObject({
				source: "catalogue",
				fileBytes: entry.fileBytes,
				licence: entry.licence,
			});
		}
		expect(library?.find("SmolLM2-135M-Instruct")).toMatchObject({ quantisation: "Q4_1", trainedContextTokens: 8192 });
	});

	it("takes files of the model folder with and without a manifest, and counts a split model as one", async () => {
		writeFileSync(path.join(modelDir, "My Model.gguf"), smallModel("mine"));
		mkdirSync(path.join(modelDir, "big"));
		writeFileSync(path.join(modelDir, "big", "b-00001-of-00002.gguf"), smallModel("big"));
		writeFileSync(path.join(modelDir, "big", "b-00002-of-00002.gguf"), smallModel("big"));
		writeFileSync(path.join(modelDir, "mmproj.gguf"), smallModel("eyes", { "general.architecture": "clip" }));
		await install("kept", smallModel("kept"));
		mkdirSync(quarantineFolder(modelDir));
		writeFileSync(path.join(quarantineFolder(modelDir), "bad.gguf"), smallModel("bad"));
		const models = (await open()).list().filter(({ source }) => source === "installed");
		expect(models.map(({ id }) => id).sort()).toEqual(["big", "kept", "my-model"]);
		expect(library?.find("my-model")).toMatchObject({
			title: "My Model",
			sha256: null,
			quantisation: "F16",
			trainedContextTokens: 2048,
			origin: null,
		});
		expect(library?.find("kept")).toMatchObject({ title: "A model", licence: "MIT", origin: "hf:me/repo:F16", sha256: "00".repeat(32) });
		expect(library?.find("big")?.files).toHaveLength(2);
		expect(library?.find("big")?.path).toMatch(/b-00001-of-00002\.gguf$/);
	});

	it("takes a model by its path", async () => {
		const file = path.join(home, "Other.gguf");
		copyFileSync(path.join(shipped, "stories260K.gguf"), file);
		expect((await open(file)).find("other")).toMatchObject({ source: "file", path: file });
	});

	it("says of each name why it is no model", async () => {
		writeFileSync(path.join(modelDir, "text.gguf"), "hello");
		writeFileSync(path.join(modelDir, "short.gguf"), smallModel("short"));
		truncateSync(path.join(modelDir, "short.gguf"), 300);
		writeFileSync(path.join(modelDir, "half-00001-of-00002.gguf"), smallModel("half"));
		await open();
		expect(library?.explainMissing("text")).toContain("is not a GGUF model");
		expect(library?.explainMissing("short")).toMatch(/was cut off/);
		expect(library?.explainMissing("half")).toContain("half-00002-of-00002.gguf is missing");
		expect(library?.explainMissing("qwen3-8b")).toContain("POST /admin/models/download");
		expect(library?.explainMissing("gpt-9", ["on-the-cluster"])).toMatch(
			/no model "gpt-9".*It has: .*on-the-cluster.*POST \/admin\/models\/download/,
		);
		const many = Array.from({ length: 100 }, (_, index) => `model-${index}`);
		expect(library?.explainMissing("gpt-9", many).length).toBeLessThan(500);
	});

	it("tells when models come and go", async () => {
		await open();
		const added = nextChange();
		writeFileSync(path.join(modelDir, "new.gguf"), smallModel("new"));
		expect(await added).toMatchObject({ added: ["new"], removed: [] });
		const removed = nextChange();
		rmSync(path.join(modelDir, "new.gguf"));
		expect(await removed).toMatchObject({ added: [], removed: ["new"] });
	});

	it("deletes what was installed and nothing else", async () => {
		await install("gone", smallModel("gone"));
		await open();
		expect(await library?.remove("stories260k")).toMatchObject({ ok: false, error: { code: "conflict" } });
		expect(await library?.remove("gone")).toMatchObject({ ok: true, value: { freedBytes: smallModel("gone").length } });
		expect(existsSync(path.join(modelDir, "gone"))).toBe(false);
		expect(library?.find("gone")).toBeUndefined();
	});

	it("tells a changed file from the published one, and reads an unchanged one only once", async () => {
		await install("wrong", smallModel("wrong"));
		await open();
		const model = library?.find("wrong");
		expect(model && (await library?.verify(model))).toContain("is damaged");
		const stories = library?.find("stories260k");
		expect(stories && (await library?.verify(stories))).toBeNull();
	});

	it("stops reading a file when nobody waits for it any more", async () => {
		await install("wrong", smallModel("wrong"));
		await open();
		const model = library?.find("wrong");
		await expect(model && library?.verify(model, { signal: AbortSignal.abort() })).rejects.toThrow("aborted");
	});

	it("reads the header again when the file has changed", async () => {
		const file = path.join(modelDir, "m.gguf");
		writeFileSync(file, smallModel("m"));
		await open();
		writeFileSync(file, smallModel("m", { "llama.context_length": 512 }));
		utimesSync(file, new Date(2_000_000), new Date(2_000_000));
		await library?.refresh();
		expect(library?.find("m")?.trainedContextTokens).toBe(512);
	});
});
