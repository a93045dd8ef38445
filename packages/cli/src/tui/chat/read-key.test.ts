import type { Key } from "ink";
import { describe, expect, it } from "vitest";
import { readKeys } from "./read-key.ts";

const noKey = Object.fromEntries(
	["upArrow", "downArrow", "return", "escape", "ctrl", "shift", "tab", "meta"].map((name) => [name, false]),
) as unknown as Key;
const key = (name: string) => ({ kind: "key", name });
const text = (words: string) => ({ kind: "text", text: words });

describe("readKeys", () => {
	it("names keys with their modifiers", () => {
		expect(readKeys("r", { ...noKey, ctrl: true })).toEqual([key("ctrl+r")]);
		expect(readKeys("", { ...noKey, return: true, shift: true })).toEqual([key("shift+enter")]);
		expect(readKeys("b", { ...noKey, meta: true })).toEqual([key("alt+b")]);
		expect(readKeys("\n", noKey)).toEqual([key("ctrl+j")]);
	});

	it("finds the keys in what was typed ahead, and takes several lines for a paste", () => {
		expect(readKeys("hi\r", noKey)).toEqual([text("hi"), key("enter")]);
		expect(readKeys("\u0015/help\r\r", noKey)).toEqual([key("ctrl+u"), text("/help"), key("enter"), key("enter")]);
		expect(readKeys("one\rtwo\r", noKey)).toEqual([text("one\ntwo\n")]);
	});

	it("ignores keys that go up", () => {
		expect(readKeys("a", { ...noKey, eventType: "release" })).toEqual([]);
	});
});
