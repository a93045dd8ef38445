import { describe, expect, it } from "vitest";
import { nothingToSay, Outbox } from "./outbox.ts";
import type { GenerationResult } from "./scheduler/generation.ts";

const result: GenerationResult = {
	finishReason: "stop",
	promptTokens: 1,
	cachedTokens: 0,
	reasoningTokens: 0,
	acceptedDraftTokens: 0,
	rejectedDraftTokens: 0,
	stopSequence: null,
	completionTokens: 1,
	promptMs: 1,
	predictedMs: 1,
};

describe("Outbox", () => {
	it("sends the first text of a request at once and later ones together", () => {
		const outbox = new Outbox();
		outbox.addText("a", "The", []);
		expect(outbox.take(100)?.texts).toEqual([["a", "The"]]);
		outbox.addText("a", " sky", []);
		expect(outbox.take(105)).toBeNull();
		outbox.addText("a", " is", []);
		outbox.addText("b", "No", []);
		expect(outbox.take(110)?.texts).toEqual([
			["a", " sky is"],
			["b", "No"],
		]);
		outbox.addText("a", " blue", []);
		expect(outbox.take(134)).toBeNull();
		expect(outbox.take(135)?.texts).toEqual([["a", " blue"]]);
	});

	it("sends the end at once, with the text before it", () => {
		const outbox = new Outbox();
		outbox.addText("a", "x", []);
		outbox.take(100);
		outbox.addText("a", "y", []);
		outbox.addEnd("a", result);
		expect(outbox.take(101)).toEqual({ texts: [["a", "y"]], ends: [["a", result]], progress: [] });
	});

	it("shows progress once a second while nothing is said", () => {
		const outbox = new Outbox();
		expect(outbox.take(1000)).toEqual(nothingToSay);
		expect(outbox.take(1900)).toBeNull();
		expect(outbox.take(2000)).toEqual(nothingToSay);
	});

	it("sends only the newest of how far a prompt is read, and nothing of a dropped one", () => {
		const outbox = new Outbox();
		outbox.take(1000);
		outbox.setProgress("a", { total: 100, cache: 0, processed: 10, time_ms: 5 });
		outbox.setProgress("a", { total: 100, cache: 0, processed: 20, time_ms: 9 });
		outbox.setProgress("b", { total: 50, cache: 0, processed: 10, time_ms: 5 });
		outbox.drop("b");
		expect(outbox.take(1025)?.progress).toEqual([["a", { total: 100, cache: 0, processed: 20, time_ms: 9 }]]);
		expect(outbox.take(1050)).toBeNull();
	});
});
