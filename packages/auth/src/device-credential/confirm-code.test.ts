import { expect, it } from "vitest";
import { confirmCode } from "./confirm-code.ts";

it("is the same on both screens, and another one for another challenge or key", () => {
	expect(confirmCode("a", "b")).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
	expect(confirmCode("a", "b")).toBe(confirmCode("a", "b"));
	expect(new Set([confirmCode("a", "b"), confirmCode("a", "c"), confirmCode("c", "b"), confirmCode("a b", "")]).size).toBe(4);
});
