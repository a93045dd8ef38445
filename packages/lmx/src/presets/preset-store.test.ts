import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { presetBodySchema } from "@opta/contracts/schema/lmx-presets";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { presetFinder, presetProblem } from "./find-preset.ts";
import { PresetStore } from "./preset-store.ts";

let folder: string;
let file: string;

beforeEach(() => {
	folder = mkdtempSync(path.join(tmpdir(), "opta-presets-"));
	file = path.join(folder, "lmx", "presets.json");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const coder = presetBodySchema.parse({ model: "big", systemPrompt: "You write code.", parameters: { temperature: 0.1 } });

describe("PresetStore", () => {
	it("keeps presets over a restart", async () => {
		const { store } = await PresetStore.open(file);
		expect(await store.put("Coder", coder)).toBeNull();
		const again = await PresetStore.open(file);
		expect(again.problem).toBeNull();
		expect(again.store.find("coder")).toMatchObject({ name: "Coder", ...coder });
	});

	it("loses none of many changes at once", async () => {
		const { store } = await PresetStore.open(file);
		const names = Array.from({ length: 20 }, (_, index) => `preset-${index}`);
		await Promise.all(names.map((name) => store.put(name, coder)));
		await Promise.all(names.slice(0, 5).map((name) => store.remove(name)));
		expect((await PresetStore.open(file)).store.list().map(({ name }) => name)).toEqual(names.slice(5).toSorted());
	});

	it("stays as it was when it cannot be saved", async () => {
		const { store } = await PresetStore.open(file);
		await store.put("coder", coder);
		const before = readFileSync(file, "utf8");
		rmSync(file);
		mkdirSync(file);
		expect(await store.put("other", coder)).toMatchObject({ writeFailed: expect.any(String) });
		expect(store.list().map(({ name }) => name)).toEqual(["coder"]);
		rmSync(file, { recursive: true });
		writeFileSync(file, before);
		expect(await store.remove("coder")).toBeNull();
		expect(readdirSync(path.dirname(file))).toEqual(["presets.json"]);
	});

	it("moves a damaged file aside instead of overwriting it", async () => {
		mkdirSync(path.dirname(file));
		writeFileSync(file, "{ not json");
		const { store, problem } = await PresetStore.open(file);
		expect(problem).toContain("moved to");
		expect(await store.put("coder", coder)).toBeNull();
		const aside = readdirSync(path.dirname(file)).find((name) => name.includes("damaged"));
		expect(readFileSync(path.join(path.dirname(file), aside ?? ""), "utf8")).toBe("{ not json");
	});
});

describe("presets as names of models", () => {
	const knowsModel = (name: string): boolean => name.toLowerCase() === "big";
	const names = { knowsModel, explainUnknown: (name: string): string => `There is no model "${name}".` };

	it("are found in any case of letters, with what they set", async () => {
		const { store } = await PresetStore.open(file);
		await store.put("Coder", coder);
		await store.put("chat", presetBodySchema.parse({}));
		const find = presetFinder(store, knowsModel);
		expect(find("coder")).toEqual({ model: "big", defaults: { systemPrompt: "You write code.", parameters: { temperature: 0.1 } } });
		expect(find("chat")).toEqual({ model: undefined, defaults: { systemPrompt: null, parameters: {} } });
		expect(find("nobody")).toBeUndefined();
	});

	it("never stand before a model of that name", async () => {
		const { store } = await PresetStore.open(file);
		await store.put("big", coder);
		expect(presetFinder(store, knowsModel)("big")).toBeUndefined();
		expect(presetProblem("Big", coder, names)).toMatchObject({ param: "name" });
		expect(presetProblem("auto", coder, names)).toMatchObject({ param: "name" });
	});

	it("need a model that is there", () => {
		expect(presetProblem("x", { model: "small" }, names)).toEqual({ param: "model", message: 'There is no model "small".' });
		expect(presetProblem("x", { model: "auto" }, names)).toBeNull();
	});
});
