import { describe, expect, it } from "vitest";
import { lookupDrafter } from "./lookup-drafter.ts";

function guess(text: string, most = 8): string {
	const tokens = new Int32Array(text.length + 10);
	tokens.set(Buffer.from(text));
	const [tokensGuessed] = lookupDrafter.propose([{ sequence: 0, tokens, length: text.length, most }]);
	return Buffer.from(tokensGuessed ?? []).toString();
}

describe("lookupDrafter", () => {
	it("goes on as the text did the last time", () => {
		expect(guess("const total = 1; const total = 2; print(total); const tot")).toBe("al = 2; ");
		expect(guess("the cat sat; the c", 3)).toBe("at ");
	});

	it("never guesses what is not there yet", () => {
		expect(guess("ababab")).toBe("ab");
	});

	it("has no guess for a text that repeats nothing", () => {
		expect(guess("abcdefgh")).toBe("");
		expect(guess("a")).toBe("");
	});
});
