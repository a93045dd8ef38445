import { InvalidArgumentError } from "commander";
import { expect, it } from "vitest";
import { parseValue } from "./parse-value.ts";

it("reads times in the units that people write", () => {
	expect(["90s", "1.5m", "2h", "250ms", "30"].map((text) => parseValue("duration", text, undefined))).toEqual([
		90_000, 90_000, 7_200_000, 250, 30_000,
	]);
	for (const text of ["", "0s", "-5s", "5 s", "5d", "soon"]) {
		expect(() => parseValue("duration", text, undefined)).toThrow(InvalidArgumentError);
	}
});

it("refuses ports and numbers that are none", () => {
	expect(parseValue("port", "1234", undefined)).toBe(1234);
	for (const text of ["0", "65536", "12a", "1e3", "-1"]) {
		expect(() => parseValue("port", text, undefined)).toThrow(InvalidArgumentError);
	}
	expect(() => parseValue("number", " ", undefined)).toThrow(InvalidArgumentError);
});

it("collects what is repeated", () => {
	expect(parseValue("list", "b", parseValue("list", "a", undefined))).toEqual(["a", "b"]);
});
