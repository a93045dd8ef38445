import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDotEnv } from "./parse-dot-env.ts";

describe("parseDotEnv", () => {
	it("reads plain, quoted, exported and commented assignments", () => {
		const text = ["# ports", "OPTA_PORT_BASE=4000 # sites", 'OPTA_HOME="/srv/opta home"', "export A='x # y'", "", "B="].join("\n");
		expect(parseDotEnv(text)).toEqual({ ok: true, variables: { OPTA_PORT_BASE: "4000", OPTA_HOME: "/srv/opta home", A: "x # y", B: "" } });
	});

	it.each([
		["A=1\nnonsense", 2, "it is not of the form NAME=value"],
		['A="open', 1, 'the quote " is not closed'],
		["A='x' y", 1, "there is text after the closing '"],
		["1A=2", 1, "it is not of the form NAME=value"],
	])("names the line that is not understood: %j", (text, line, reason) => {
		expect(parseDotEnv(text)).toEqual({ ok: false, line, reason });
	});

	it("gives back any value written in double quotes", () => {
		const value = fc.string({ unit: "grapheme" }).filter((text) => !/["\r\n]/.test(text));
		fc.assert(
			fc.property(value, (text) => {
				expect(parseDotEnv(`KEY="${text}"`)).toEqual({ ok: true, variables: { KEY: text } });
			}),
		);
	});
});
