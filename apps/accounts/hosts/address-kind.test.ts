import { expect, it } from "vitest";
import { addressKind } from "./address-kind.ts";

it.each([
	["https://quiet-river.trycloudflare.com", "tunnel"],
	["https://home.example.org/", "tunnel"],
	["http://127.0.0.1:8788", "local"],
	["http://192.168.188.11:8788", "local"],
	[null, "none"],
	["", "none"],
	["nonsense", "none"],
])("%s is reached: %s", (doorUrl, kind) => {
	expect(addressKind(doorUrl)).toBe(kind);
});
