import { expect, it } from "vitest";
import { createUserCode, readUserCode, showUserCode } from "./user-code.ts";

it("reads its own codes however they are typed", () => {
	const code = createUserCode();
	for (const typed of [code, showUserCode(code), ` ${code.toLowerCase().slice(0, 4)} - ${code.slice(4)} `]) {
		expect(readUserCode(typed)).toBe(code);
	}
});

it.each([undefined, "", "BCDF", "BCDF-GHJKL", "ABCD-EFGH", "ВCDF-GHJK", "1234-5678", "B".repeat(1000), ["BCDFGHJK"]])(
	"takes %j for no code",
	(typed) => {
		expect(readUserCode(typed)).toBeNull();
	},
);
