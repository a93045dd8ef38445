import type { ChatBody } from "./stream-chat.ts";

const subjects = ["a fox", "a lighthouse", "two brothers", "a train at night", "an old clock", "a garden", "the first snow", "a map"];

/** Ids of the shipped model's two end tokens: forbidden, so that every answer has the wanted length. */
const endTokens = { "0": -100, "2": -100 };

/** The same way of drawing tokens on every server. */
const sampling = { temperature: 0.8, top_k: 40, top_p: 0.95, min_p: 0.05 };

/** Asks for an answer of exactly `tokens` tokens of the shipped model. `seed` makes it another answer. */
export function ask(content: string, tokens: number, seed: number): ChatBody {
	return { messages: [{ role: "user", content }], max_tokens: tokens, seed, logit_bias: endTokens, ...sampling };
}

/** The same with a system prompt. */
export function askWithSystem(system: string, content: string, tokens: number, seed: number): ChatBody {
	const question = ask(content, tokens, seed);
	return { ...question, messages: [{ role: "system", content: system }, ...question.messages] };
}

/** A short question; another one for every index and round. */
export function story(index: number, round: number): string {
	return `Story ${round}-${index}: tell me a long story about ${subjects[index % subjects.length]}.`;
}

/** A text of about `tokens` tokens of the shipped model that begins unlike every other `mark`'s. */
export function longText(tokens: number, mark: string): string {
	return `Number ${mark}. ${"The lamp on the river was quiet and green. ".repeat(Math.ceil(tokens / 10))}`;
}
