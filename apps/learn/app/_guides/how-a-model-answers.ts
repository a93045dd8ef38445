import type { Guide } from "./guide.ts";
import { type AttentionShape, cacheBytesPerToken, formatBytes } from "./memory-arithmetic.ts";

const contextTokens = 8_192;

const shapes: readonly (readonly [string, AttentionShape])[] = [
	["SmolLM2 135M (shipped)", { layers: 30, keyValueHeads: 3, headDimension: 64 }],
	["Llama 3.1 8B", { layers: 32, keyValueHeads: 8, headDimension: 128 }],
	["Llama 3.3 70B", { layers: 80, keyValueHeads: 8, headDimension: 128 }],
];

/** What happens between a question and its answer, with the shipped model's own numbers. */
export const howAModelAnswers: Guide = {
	slug: "how-a-model-answers",
	title: "How a model answers on your own machine",
	summary: "Tokens, temperature, context, memory and speed, with the numbers of the model that you already have.",
	level: "L1",
	readingMinutes: 9,
	sections: [
		{
			id: "tokens",
			title: "A model reads tokens",
			blocks: [
				{
					kind: "text",
					text: "A language model never sees letters. Before anything else, your text is cut into tokens: pieces from a fixed list, each with a number. The model that ships with Opta Local knows 49,152 of them. Frequent words are one token, rare ones are put together from parts.",
				},
				{ kind: "figure", name: "tokens" },
				{
					kind: "text",
					text: "Everything that is counted in this field is counted in tokens: the length of a conversation, the speed of an answer, the size of a limit. In English, a token is about four letters or three quarters of a word; other languages need more tokens for the same text, because the list was made mostly from English.",
				},
			],
		},
		{
			id: "next-token",
			title: "It predicts one token, again and again",
			blocks: [
				{
					kind: "text",
					text: "Given all tokens so far, the model computes one number for every token of its list: how well it would fit next. That is all a model does. One of the candidates is drawn, appended to the text, and the whole step runs again. An answer of 300 tokens is 300 such steps, which is why it appears word by word: LMX sends you each token when it is drawn.",
				},
				{
					kind: "text",
					text: "Nothing in this looks anything up. The shipped model says that Paris is the capital of France because “Paris” gets 78 % of the weight after “The capital of France is”. After a question it cannot know, some token still gets the most weight, and the answer sounds just as sure.",
				},
			],
		},
		{
			id: "temperature",
			title: "Temperature decides how bold the draw is",
			blocks: [
				{
					kind: "text",
					text: "Which candidate is drawn is your choice. At temperature 0 the likeliest token always wins, and the same prompt gives the same answer. At 1, candidates are drawn as often as the model's own probabilities say. Above that, unlikely ones gain ground. Move the slider:",
				},
				{ kind: "figure", name: "temperature" },
				{
					kind: "list",
					items: [
						"`temperature` divides the scores before they become probabilities.",
						"`top_p: 0.9` keeps the likeliest tokens that together reach 90 % and drops the long tail.",
						"`min_p: 0.05` drops everything below a twentieth of the favourite.",
						"`seed` makes the dice repeatable: same seed, same prompt, same answer.",
					],
				},
				{
					kind: "text",
					text: "For facts and code stay low, from 0 to 0.4. For names, stories and variety go up to 1. Beyond 1.3 small models fall apart.",
				},
			],
		},
		{
			id: "context",
			title: "The context is all it remembers",
			blocks: [
				{
					kind: "text",
					text: "Between two requests a model remembers nothing. In a chat, the page sends the whole conversation with every message, and the model reads it again as one text: the system message, your first question, its first answer, and so on. How much fits is the context, 8,192 tokens for the shipped model: about twenty pages.",
				},
				{
					kind: "text",
					text: "When a conversation grows past that, something has to go. Many servers cut the oldest messages silently, and the answers get strange. LMX refuses instead, with error code `context_length_exceeded` and both numbers, so that you decide what to leave out.",
				},
				{
					kind: "notice",
					tone: "info",
					title: "The system message matters more than it looks",
					text: "Asked for the capital of France with the system message that its own template brings, the shipped model babbles in French. With “You are a helpful assistant.” it says Paris. LMX sends that message for it when you send none, and shows that it did.",
				},
			],
		},
		{
			id: "memory",
			title: "Memory: weights and conversations",
			blocks: [
				{
					kind: "text",
					text: "The weights have to be in memory, all of them. Their size is the number of parameters times the bits each one takes. Models are trained with 16 bits; quantized to about 4.85 bits (the format called Q4_K_M) an 8-billion-parameter model shrinks from 16 GB to 4.9 GB and loses little.",
				},
				{
					kind: "text",
					text: "On top comes the cache. To avoid computing the whole conversation anew for every token, the engine keeps a key and a value per layer for each token that it has read. For one token that is 2 × layers × heads × width × 2 bytes:",
				},
				{
					kind: "table",
					caption: `Cache at 16 bits, per conversation of ${contextTokens.toLocaleString("en")} tokens`,
					columns: ["Model", "Layers", "Key/value heads", "Width", "Per token", "Full"],
					rows: shapes.map(([name, shape]) => {
						const perToken = cacheBytesPerToken(shape);
						return [
							name,
							String(shape.layers),
							String(shape.keyValueHeads),
							String(shape.headDimension),
							formatBytes(perToken),
							formatBytes(perToken * contextTokens),
						];
					}),
				},
				{
					kind: "text",
					text: "So a household of four, each with a long conversation on a 70B model, needs 42 GB for the weights and 10 GiB for what is being said.",
				},
			],
		},
		{
			id: "speed",
			title: "Speed: why it is what it is",
			blocks: [
				{
					kind: "text",
					text: "For each token of an answer, the processor reads all weights from memory once. The arithmetic in between is cheap, so memory bandwidth sets the ceiling: bytes per second divided by bytes of weights.",
				},
				{
					kind: "table",
					caption: "Ceiling for one conversation",
					columns: ["Machine", "Bandwidth", "Model", "Weights", "At most"],
					rows: [
						["Laptop, two-channel DDR5", "80 GB/s", "8B at Q4", "4.9 GB", "16 tokens/s"],
						["Mac Studio M3 Ultra", "819 GB/s", "8B at Q4", "4.9 GB", "167 tokens/s"],
						["Mac Studio M3 Ultra", "819 GB/s", "70B at Q4", "42 GB", "19 tokens/s"],
					],
				},
				{
					kind: "text",
					text: "Two things follow. Reading your prompt is faster than writing the answer, because the weights are read once for many prompt tokens. And several conversations cost little more than one: they share each reading of the weights. That is why LMX computes the next token of all running conversations in one batch.",
				},
				{
					kind: "text",
					text: "The [dashboard](lmx:/) shows both rates while a model works.",
				},
			],
		},
		{
			id: "try",
			title: "Try it",
			blocks: [
				{
					kind: "text",
					text: "With the platform running ([Opta Init](init:/) shows how), ask twice with the same seed, then with another:",
				},
				{
					kind: "code",
					label: "terminal",
					code: `curl http://127.0.0.1:1234/v1/chat/completions \\
  -H 'content-type: application/json' \\
  -d '{"temperature": 1, "seed": 7, "max_completion_tokens": 40,
       "messages": [{"role": "user", "content": "Describe the night sky in one sentence."}]}'`,
				},
				{
					kind: "text",
					text: "The field `timings` of the answer holds tokens and milliseconds for the prompt and for the answer: divide the size of the model file by the time per token, and you have measured the bandwidth of your machine's memory.",
				},
			],
		},
	],
};
