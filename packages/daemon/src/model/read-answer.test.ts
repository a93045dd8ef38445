import fc from "fast-check";
import { expect, it } from "vitest";
import type { ModelEvent } from "./model-source.ts";
import { createAnswerReader } from "./read-answer.ts";

const callArbitrary = fc.record({ name: fc.stringMatching(/^[a-z_]{1,10}$/), text: fc.string({ maxLength: 40 }) });

/** Cuts a text into pieces at any place. */
function pieces(text: string, size: number): string[] {
	return text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [];
}

it("puts calls together however they were cut", () => {
	fc.assert(
		fc.property(fc.array(callArbitrary, { maxLength: 5 }), fc.integer({ min: 1, max: 7 }), (calls, size) => {
			const reader = createAnswerReader();
			const events: ModelEvent[] = [];
			for (const [index, { name, text }] of calls.entries()) {
				events.push(...reader.push({ tool_calls: [{ index, id: `c${index}`, function: { name, arguments: "" } }] }));
				for (const piece of pieces(text, size)) {
					events.push(...reader.push({ tool_calls: [{ index, function: { arguments: piece } }] }));
				}
			}
			events.push(...reader.end());
			const found = events.map((event) => (event.type === "call" ? [event.call.id, event.call.name, event.call.argumentsText] : []));
			return JSON.stringify(found) === JSON.stringify(calls.map(({ name, text }, index) => [`c${index}`, name, text]));
		}),
	);
});

it("knows output from what only looks like it", () => {
	const reader = createAnswerReader();
	expect(reader.push({ content: "", tool_calls: [] })).toEqual([]);
	expect(reader.hadOutput()).toBe(false);
	reader.push({ tool_calls: [{ index: 0, id: "a", function: { name: "x" } }] });
	expect(reader.hadOutput()).toBe(true);
});

it("makes no call of pieces without a name", () => {
	const reader = createAnswerReader();
	reader.push({ tool_calls: [{ index: 0, function: { arguments: "{}" } }] });
	expect(reader.end()).toEqual([]);
});
