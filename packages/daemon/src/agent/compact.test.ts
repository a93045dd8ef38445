import type { Message } from "@opta/contracts/schema/daemon-message";
import fc from "fast-check";
import { expect, it } from "vitest";
import { guessTokens, modelMessages } from "./build-prompt.ts";
import { findBoundary } from "./compact.ts";

const messageArbitrary = fc
	.record({ role: fc.constantFrom<Message["role"]>("user", "assistant", "tool"), length: fc.integer({ min: 0, max: 400 }) })
	.map(({ role, length }): Message => ({ id: "m", role, at: "2026-11-23T10:00:00.000Z", content: "x".repeat(length) }));

it("never parts a call from its result, always summarises something, and keeps no more than fits", () => {
	fc.assert(
		fc.property(fc.array(messageArbitrary, { maxLength: 20 }), fc.integer({ min: 10, max: 500 }), (messages, keptTokens) => {
			const boundary = findBoundary(messages, keptTokens);
			if (boundary === null) {
				return messages.slice(1).every(({ role }) => role === "tool");
			}
			const kept = messages.slice(boundary);
			const isLast = kept.slice(1).every(({ role }) => role === "tool");
			return boundary > 0 && messages[boundary]?.role !== "tool" && (isLast || guessTokens(modelMessages(kept)) <= keptTokens);
		}),
	);
});

it("finds nothing in a conversation of one message", () => {
	expect(findBoundary([{ id: "m", role: "user", at: "2026-11-23T10:00:00.000Z", content: "Hi" }], 100)).toBeNull();
});
