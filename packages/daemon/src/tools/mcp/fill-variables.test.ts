import { expect, test } from "vitest";
import { fillVariables } from "./fill-variables.ts";

test("variables stand in for their names, and what they hold is not looked at again", () => {
	expect(fillVariables(`Bearer \${KEY}!`, { KEY: `\${OTHER}` })).toBe(`Bearer \${OTHER}!`);
});

test("one that is not set is named, and names of objects' own are none", () => {
	expect(() => fillVariables(`\${KEY}`, {})).toThrow("KEY is not set");
	expect(() => fillVariables(`\${constructor}`, {})).toThrow("constructor is not set");
});
