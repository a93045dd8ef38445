import type { ModelEntry, ModelState } from "@opta/contracts/schema/lmx-models";
import { describe, expect, it } from "vitest";
import { chooseModel } from "./choose-model.ts";

function model(id: string, state: ModelState): ModelEntry {
	return { id, opta: { state } } as ModelEntry;
}

describe("the model of the next question", () => {
	const models = [model("cold", "unloaded"), model("warming", "loading"), model("small", "ready"), model("large", "ready")];

	it.each([
		["what was wanted", "large", "large", true],
		["what was wanted, also while it loads", "warming", "warming", false],
		["the first ready one when nothing was chosen", null, "small", true],
		["the first ready one when the wanted one is gone", "elsewhere", "small", true],
		["the first ready one when the wanted one is not loaded", "cold", "small", true],
	])("is %s", (_name, wanted, id, ready) => {
		const choice = chooseModel(models, wanted);
		expect([choice.model?.id, choice.ready]).toEqual([id, ready]);
	});

	it("is one that loads when none is ready, and none when nothing will ever answer", () => {
		expect(chooseModel(models.slice(0, 2), null)).toMatchObject({ model: { id: "warming" }, ready: false });
		expect(chooseModel([model("cold", "unloaded"), model("broken", "failed")], "broken")).toEqual({ model: undefined, ready: false });
	});
});
