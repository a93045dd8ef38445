import fc from "fast-check";
import { expect, it } from "vitest";
import { readArguments } from "./read-arguments.ts";

const call = (argumentsText: string) => ({ id: "1", name: "write_file", argumentsText });

it("gives what a model wrote as JSON, whatever it is", () => {
	fc.assert(
		fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (values) => {
			const text = JSON.stringify(values);
			return JSON.stringify(readArguments(call(text), false)) === JSON.stringify({ ok: true, values: JSON.parse(text) });
		}),
	);
});

it("never takes a part for the whole: of an answer that was cut, no beginning of the arguments is used", () => {
	const file = fc.record({ path: fc.string({ minLength: 1 }), content: fc.string({ minLength: 1 }) });
	fc.assert(
		fc.property(file, fc.double({ min: 0, max: 0.999, noNaN: true }), (values, share) => {
			const text = JSON.stringify(values);
			const cut = text.slice(0, Math.max(1, Math.floor(text.length * share)));
			return !readArguments(call(cut), true).ok;
		}),
	);
});

it("never uses a text that ends in the middle of a string, also where the server says nothing of a cut", () => {
	expect(readArguments(call('{"path": "a.ts", "content": "const a = 1;\\nconst'), false)).toMatchObject({ ok: false });
});

it.each([
	["", {}],
	["{path: 'a.ts'}", { path: "a.ts" }],
	['{"path": "a.ts",}', { path: "a.ts" }],
	['{"path": "a.ts"', { path: "a.ts" }],
	['```json\n{"path": "a.ts"}\n```', { path: "a.ts" }],
])("repairs %j", (text, values) => {
	expect(readArguments(call(text), false)).toEqual({ ok: true, values });
});

it.each(["[1, 2]", "just words", "null", "42"])("refuses %j, which is no object", (text) => {
	expect(readArguments(call(text), false)).toMatchObject({ ok: false, reason: expect.stringContaining("JSON object") });
});
