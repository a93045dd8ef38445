import { describe, expect, it } from "vitest";
import { withDefaults } from "./request-defaults.ts";

const user = { role: "user" as const, content: "Hello" };

describe("withDefaults", () => {
	it("fills in what the request leaves open, and nothing that it names", () => {
		const defaults = { systemPrompt: "Be brief.", parameters: { temperature: 0.2, max_tokens: 100 } };
		expect(withDefaults({ messages: [user], temperature: 1, max_tokens: null }, defaults)).toEqual({
			messages: [{ role: "system", content: "Be brief." }, user],
			temperature: 1,
			max_tokens: 100,
		});
	});

	it("keeps the request's own system message, under either name", () => {
		for (const role of ["system", "developer"] as const) {
			const messages = [{ role, content: "Rhyme." }, user];
			expect(withDefaults({ messages }, { systemPrompt: "Be brief.", parameters: {} }).messages).toEqual(messages);
		}
	});
});
