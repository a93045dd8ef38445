import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EngineChild, startEngineChild } from "../testing/engine-child.ts";
import { plainSampling } from "../testing/plain-sampling.ts";

const greedy = { ...plainSampling, temperature: 0 };

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

describe("a long text", () => {
	it("is tokenized as a short one is, and refused with its length, while an answer goes on", async () => {
		const sentence = "Lily went to the park.\n";
		const { tokens: one } = await child.operate<"tokenize">({ kind: "tokenize", text: sentence, special: false, begin: false });
		const running = child.generate({ maxTokens: 100 });
		const text = sentence.repeat(20_000);
		const { tokens } = await child.operate<"tokenize">({ kind: "tokenize", text, special: false, begin: false });
		expect(tokens.length).toBeGreaterThan(one.length * 19_000);
		const refused = child.generate({ prompt: { kind: "text", text, suffix: null } });
		await expect(refused).rejects.toMatchObject({ code: "context_length_exceeded", details: { promptTokens: tokens.length + 1 } });
		expect((await running).result.completionTokens).toBe(100);
	});
});

describe("sampling", () => {
	it("repeats itself with a seed", async () => {
		const ask = async (seed: number): Promise<string> => (await child.generate({ sampling: { ...plainSampling, seed } })).text;
		expect(await ask(1)).toBe(await ask(1));
		expect(await ask(1)).not.toBe(await ask(2));
	});

	it("reports probabilities beside the text, the best first", async () => {
		const { text, logprobs, result } = await child.generate({ logprobs: 3 });
		expect(logprobs).toHaveLength(result.completionTokens);
		expect(Buffer.from(logprobs.flatMap(({ bytes }) => bytes ?? [])).toString()).toBe(text);
		for (const { logprob, token, top_logprobs } of logprobs) {
			expect(logprob).toBeLessThanOrEqual(0);
			expect(top_logprobs).toHaveLength(3);
			expect(top_logprobs[0]).toMatchObject({ token, logprob });
		}
		expect((await child.generate({})).logprobs).toEqual([]);
	});

	it("says something else under penalties and biases", async () => {
		const plain = await child.generate({ logprobs: 0 });
		const penalised = await child.generate({ sampling: { ...greedy, presencePenalty: 2, frequencyPenalty: 2 } });
		expect(new Set(penalised.text.split(" ")).size).toBeGreaterThan(new Set(plain.text.split(" ")).size);
		const { tokens } = await child.operate<"tokenize">({ kind: "tokenize", text: " dog", special: false, begin: false });
		const biased = await child.generate({ sampling: { ...greedy, logitBias: [[tokens.at(-1)!, 100]] }, maxTokens: 3 });
		expect(biased.text).toMatch(/(dog|g){3}/);
	});
});

describe("a grammar", () => {
	const json = 'root ::= "{\\"name\\": \\"" [a-zA-Z ]{3,12} "\\", \\"age\\": " [1-9] [0-9]? "}"';

	it("is followed to its end, where the answer ends too", async () => {
		for (const sampling of [greedy, plainSampling, { ...plainSampling, topK: 5, seed: 3 }]) {
			const { text, result } = await child.generate({ grammar: { gbnf: json, triggers: null }, sampling, maxTokens: 200 });
			expect(JSON.parse(text)).toEqual({ name: expect.stringMatching(/^[a-zA-Z ]{3,12}$/), age: expect.any(Number) });
			expect(result.finishReason).toBe("stop");
		}
	});

	it("holds for characters of several tokens", async () => {
		const { text } = await child.generate({ grammar: { gbnf: 'root ::= "é👋" [α-ω]{4} "."', triggers: null }, sampling: plainSampling });
		expect(text).toMatch(/^é👋[α-ω]{4}\.$/);
	});

	it("begins at its trigger", async () => {
		const free = (await child.generate({ maxTokens: 60 })).text;
		const trigger = free.slice(20, 25);
		const { text, result } = await child.generate({
			grammar: { gbnf: `root ::= ${JSON.stringify(trigger)} "!" [xyz]{3}`, triggers: [trigger] },
			maxTokens: 60,
		});
		expect(text).toMatch(/![xyz]{3}$/);
		expect(free).toContain(text.slice(0, -4));
		expect(result.finishReason).toBe("stop");
	});

	it("ends early at a stop string and at the limit", async () => {
		const grammar = { gbnf: 'root ::= "one two three"', triggers: null };
		expect(await child.generate({ grammar, stops: ["o t"] })).toMatchObject({ text: "one tw", result: { finishReason: "stop" } });
		expect((await child.generate({ grammar, maxTokens: 2 })).result).toMatchObject({ finishReason: "length", completionTokens: 2 });
	});

	it("is refused when it cannot be read, with the place", async () => {
		const wrong = child.generate({ grammar: { gbnf: "root ::= (", triggers: null } });
		await expect(wrong).rejects.toMatchObject({
			code: "invalid_request",
			param: "grammar",
			message: expect.stringContaining("line 1, column 11"),
		});
	});

	it("keeps many answers at once apart", async () => {
		const answers = await Promise.all(
			Array.from({ length: 12 }, (_, index) =>
				child.generate({ grammar: { gbnf: `root ::= "reply ${index}."`, triggers: null }, client: `c${index}` }),
			),
		);
		expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 12 }, (_, index) => `reply ${index}.`));
	});
});

describe("embeddings", () => {
	const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, index) => sum + value * b[index]!, 0);

	it("are vectors of length 1, the same alone, among others, and beside a running answer", async () => {
		const inputs = ["The cat sat on the mat.", "A cat sat on a mat.", "Once there was a big red ball in the park. ".repeat(12)];
		const running = child.generate({ maxTokens: 300 });
		const { vectors, promptTokens } = await child.operate<"embed">({ kind: "embed", inputs });
		expect(promptTokens).toBeGreaterThan(100);
		for (const [index, input] of inputs.entries()) {
			const alone = await child.operate<"embed">({ kind: "embed", inputs: [input] });
			expect(dot(vectors[index]!, vectors[index]!)).toBeCloseTo(1, 5);
			expect(dot(alone.vectors[0]!, vectors[index]!)).toBeCloseTo(1, 3);
		}
		expect(dot(vectors[0]!, vectors[1]!)).toBeGreaterThan(dot(vectors[0]!, vectors[2]!));
		expect((await running).result.completionTokens).toBeGreaterThan(0);
	});

	it("are made of tokens too", async () => {
		const { tokens } = await child.operate<"tokenize">({ kind: "tokenize", text: "A dog", special: false, begin: true });
		const [fromText, fromTokens] = (await child.operate<"embed">({ kind: "embed", inputs: ["A dog", tokens] })).vectors;
		expect(dot(fromText!, fromTokens!)).toBeCloseTo(1, 4);
	});

	it("are refused for a text that is too long, and scores by a model that makes none", async () => {
		const long = child.operate<"embed">({ kind: "embed", inputs: ["word ".repeat(2000)] });
		await expect(long).rejects.toMatchObject({ code: "context_length_exceeded", param: "input[0]", details: { contextTokens: 512 } });
		const scores = child.operate<"rerank">({ kind: "rerank", query: "cat", documents: ["a cat"] });
		await expect(scores).rejects.toMatchObject({ code: "invalid_request", param: "model" });
	});
});

describe("several answers to one prompt", () => {
	it("share the reading of it", async () => {
		const prompt = { kind: "text", text: "Lily and Tom went to the sea with their dog. ".repeat(8), suffix: null } as const;
		const answers = await Promise.all(
			Array.from({ length: 4 }, (_, seed) => child.generate({ prompt, maxTokens: 5, sampling: { ...plainSampling, seed } })),
		);
		const computed = answers.reduce((sum, { result }) => sum + result.promptTokens - result.cachedTokens, 0);
		expect(computed).toBeLessThanOrEqual(answers[0]!.promptTokens + 3);
		expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
	});
});
