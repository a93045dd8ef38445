import type { Comparison } from "../measurement.ts";
import { ask, longText } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

/** Time to the first text of a prompt of about 700 tokens: unknown to the server, then known. */
export const firstToken: Comparison = {
	kind: "comparison",
	name: "first-token",
	figures: [
		{ label: "first text, 700 new prompt tokens", unit: "ms", bar: { kind: "ratioAtMost", value: 1 } },
		{ label: "first text, the same again", unit: "ms", bar: { kind: "atMostMore", value: 5 } },
	],
	async measure({ url }, round) {
		const question = ask(`${longText(680, `${round}a`)}What was quiet?`, 8, round);
		const cold = await streamChat(url, question);
		const cached = await streamChat(url, question);
		return [cold.firstTextMs, cached.firstTextMs];
	},
};
