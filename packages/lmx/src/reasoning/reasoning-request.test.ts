import { describe, expect, it } from "vitest";
import { readReasoningRequest } from "./reasoning-request.ts";

const messages = [{ role: "user" as const, content: "Hi" }];

describe("how long a model shall think", () => {
	it.each([
		[{}, { budgetTokens: null, templateVariables: {} }],
		[{ reasoning_effort: "none" as const }, { budgetTokens: 0, templateVariables: { enable_thinking: false } }],
		[{ reasoning_effort: "low" as const }, { budgetTokens: 1024, templateVariables: { enable_thinking: true, reasoning_effort: "low" } }],
		[{ reasoning_effort: "high" as const }, { budgetTokens: null, templateVariables: { enable_thinking: true, reasoning_effort: "high" } }],
		[{ reasoning_budget_tokens: 77 }, { budgetTokens: 77, templateVariables: { enable_thinking: true } }],
		[{ reasoning_budget_tokens: 0 }, { budgetTokens: 0, templateVariables: { enable_thinking: false } }],
		[
			{ reasoning_effort: "high" as const, reasoning_budget_tokens: 77 },
			{ budgetTokens: 77, templateVariables: { enable_thinking: true, reasoning_effort: "high" } },
		],
	])("follows from %j", (parameters, expected) => {
		expect(readReasoningRequest({ messages, ...parameters }, true)).toEqual({ ok: true, value: expected });
	});

	it("is nothing that a model without thoughts can honour, except not at all", () => {
		expect(readReasoningRequest({ messages, reasoning_effort: "none", reasoning_budget_tokens: 0 }, false).ok).toBe(true);
		expect(readReasoningRequest({ messages, reasoning_effort: "low" }, false)).toMatchObject({ error: { param: "reasoning_effort" } });
		expect(readReasoningRequest({ messages, reasoning_budget_tokens: 5 }, false)).toMatchObject({
			error: { param: "reasoning_budget_tokens" },
		});
	});
});
