import fc from "fast-check";
import { expect, it } from "vitest";
import { cleanTitle } from "./title.ts";

it.each([
	['"Fixing the login."', "Fixing the login"],
	["**Title: Fixing the login**", "Fixing the login"],
	["# Fixing the login\n\nThis title says …", "Fixing the login"],
	["\n\n« Réparer la connexion »", "Réparer la connexion"],
	["The capital of France is Paris, which has been its capital since the tenth century.", null],
	["   ", null],
	['""', null],
])("cleans %j", (text, title) => {
	expect(cleanTitle(text)).toBe(title);
});

it("gives one line of at most 80 characters, or none", () => {
	fc.assert(
		fc.property(fc.string({ maxLength: 300, unit: "grapheme" }), (text) => {
			const title = cleanTitle(text);
			return title === null || (title.length > 0 && title.length <= 80 && !/\p{Cc}/u.test(title));
		}),
	);
});
