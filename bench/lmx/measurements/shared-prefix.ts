import type { Comparison } from "../measurement.ts";
import { askWithSystem, longText } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const clients = 6;
/** What the chat template puts after a question; it cannot be shared. */
const templateTail = 8;

/** Six clients ask at the same moment, with one system prompt of about 1,000 tokens that is new to the server. */
export const sharedPrefix: Comparison = {
	kind: "comparison",
	name: "shared-prefix",
	figures: [{ label: "6 clients, one system prompt: computed beyond it", unit: "tok", bar: { kind: "atMost", value: 0 } }],
	async measure({ url }, round) {
		const system = longText(980, `${round}c`);
		const questions = Array.from({ length: clients }, (_, index) =>
			askWithSystem(system, `Question ${index}: what was ${index} times green?`, 8, index),
		);
		const seen = await Promise.all(questions.map((question) => streamChat(url, question)));
		const empty = await streamChat(url, askWithSystem(system, "", 1, 0));
		const computed = seen.reduce((sum, { promptTokens, cachedTokens }) => sum + promptTokens - cachedTokens, 0);
		const differing = seen.reduce((sum, { promptTokens }) => sum + promptTokens - empty.promptTokens + templateTail, 0);
		return [Math.max(0, computed - empty.promptTokens - differing)];
	},
};
