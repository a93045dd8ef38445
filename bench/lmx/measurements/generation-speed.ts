import type { Comparison, Figure } from "../measurement.ts";
import { ask, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const tokens = 200;

/** Generated tokens per second of `streams` readers, from the first text of all to the last. */
export function generationSpeed(name: string, streams: number, bar: Figure["bar"]): Comparison {
	return {
		kind: "comparison",
		name,
		figures: [{ label: `${streams} ${streams === 1 ? "stream" : "streams"}, in all`, unit: "tok/s", bar }],
		async measure({ url }, round) {
			const questions = Array.from({ length: streams }, (_, index) => ask(story(index, round), tokens, round * 100 + index));
			const seen = await Promise.all(questions.map((question) => streamChat(url, question)));
			const firstMs = Math.min(...seen.map(({ firstTextMs }) => firstTextMs));
			const lastMs = Math.max(...seen.map(({ lastTextMs }) => lastTextMs));
			const generated = seen.reduce((sum, { completionTokens }) => sum + completionTokens, 0) - streams;
			return [(generated * 1000) / (lastMs - firstMs)];
		},
	};
}
