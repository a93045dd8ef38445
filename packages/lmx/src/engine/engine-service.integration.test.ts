import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineChild, startEngineChild } from "../testing/engine-child.ts";

let child: EngineChild;
beforeAll(async () => {
	child = await startEngineChild("stories260K.gguf");
});
afterAll(() => child.stop());

describe("a model's process", () => {
	it("tells what the model is", () => {
		expect(child.facts).toMatchObject({
			architecture: "llama",
			trainedForTools: false,
			thinking: null,
			embeds: true,
			reranks: false,
			trainedContextTokens: 512,
		});
	});

	it("goes on with a text and with tokens alike", async () => {
		const { tokens } = await child.operate<"tokenize">({ kind: "tokenize", text: "Once upon a time", special: true, begin: true });
		const fromText = await child.generate({});
		const fromTokens = await child.generate({ prompt: { kind: "tokens", tokens } });
		expect(fromText.text.length).toBeGreaterThan(20);
		expect(fromTokens.text).toBe(fromText.text);
		expect(fromText.promptTokens).toBe(tokens.length);
	});

	it("refuses by name what this model cannot do", async () => {
		const middle = child.generate({ prompt: { kind: "text", text: "a", suffix: "b" } });
		await expect(middle).rejects.toMatchObject({ code: "unsupported_parameter", param: "suffix" });
		const missing = child.generate({ prompt: { kind: "tokens", tokens: [1, 999_999] } });
		await expect(missing).rejects.toMatchObject({ code: "invalid_request", param: "prompt" });
		const long = child.generate({ prompt: { kind: "text", text: "word ".repeat(5000), suffix: null } });
		await expect(long).rejects.toMatchObject({ code: "context_length_exceeded", details: { contextTokens: 512 } });
	});

	it("turns text into tokens and back, and shows the prompt of a chat", async () => {
		const text = "Lily likes to play 👋.";
		const { tokens, pieces } = await child.operate<"tokenize">({ kind: "tokenize", text, special: false, begin: false });
		expect(pieces).toHaveLength(tokens.length);
		expect((await child.operate<"detokenize">({ kind: "detokenize", tokens })).text.trim()).toBe(text);
		const messages = [{ role: "user", content: "Hi" }] as const;
		const prompt = { kind: "chat", messages, tools: null, templateVariables: {} } as const;
		const rendered = await child.operate<"renderPrompt">({ kind: "renderPrompt", prompt });
		expect(rendered.text).toContain("Hi");
		expect((await child.generate({ prompt, maxTokens: 1 })).promptTokens).toBe(rendered.tokens);
	});
});
