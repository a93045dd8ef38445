import type { Message } from "@opta/contracts/schema/daemon-message";
import { expect, it } from "vitest";
import { isRepeatedCall } from "./repeated-call.ts";

function calls(...paths: string[]): Message[] {
	return paths.map((path, index) => ({
		id: `m${index}`,
		role: "assistant",
		at: "2026-11-23T06:00:00.000Z",
		turnId: "t",
		content: "",
		toolCalls: [{ id: `c${index}`, name: "read_file", arguments: { path } }],
	}));
}

it("notices the fourth of the same calls in a row", () => {
	expect(isRepeatedCall(calls("a", "a", "a"), "t", "c2")).toBe(false);
	expect(isRepeatedCall(calls("a", "a", "a", "a"), "t", "c3")).toBe(true);
	expect(isRepeatedCall(calls("a", "a", "b", "a"), "t", "c3")).toBe(false);
	expect(isRepeatedCall(calls("a", "a", "a", "a"), "other", "c3")).toBe(false);
	expect(isRepeatedCall(calls("a"), "t", "unknown")).toBe(false);
});
