import fc from "fast-check";
import { expect, it } from "vitest";
import { plainText } from "./plain-text.ts";

it.each([
	["npm test\n\tok", "npm test\n\tok"],
	["\u001b[32mgreen\u001b[0m and \u001b]0;title\u0007plain", "green and plain"],
	["rm -rf \u202e/tmp", "rm -rf ‹U+202E›/tmp"],
	["a\u200bb\r\nc\rd", "a‹U+200B›b\nc‹U+000D›d"],
])("%j is read as %j", (text, shown) => {
	expect(plainText(text)).toBe(shown);
});

it("leaves nothing that reorders or hides text", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(plainText(text)).not.toMatch(/[\u200b\u202a-\u202e\u2066-\u2069\ufeff]/);
		}),
	);
});
