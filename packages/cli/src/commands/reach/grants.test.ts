import { expect, it } from "vitest";
import { parseGrants } from "./grants.ts";

it("reads grants in any order and spelling, each once", () => {
	expect(parseGrants("turns, SEE,see")).toEqual(["see", "turns"]);
	expect(parseGrants("approve")).toEqual(["approve"]);
});

it("says which words there are", () => {
	expect(() => parseGrants("see,everything")).toThrow('"everything" cannot be allowed. Write some of see,approve,turns');
	expect(() => parseGrants(" , ")).toThrow("Nothing was named.");
});
