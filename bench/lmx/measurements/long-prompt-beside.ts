import type { Comparison } from "../measurement.ts";
import { ask, longText, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const streams = 5;
/** Long enough to run until the prompt is in. */
const streamTokens = 300;

/** What five readers notice of a prompt of 3,000 tokens that enters, and how long that prompt waits for its first text. */
export const longPromptBeside: Comparison = {
	kind: "comparison",
	name: "long-prompt",
	figures: [
		{ label: "5 streams, 3,000 tokens enter: worst gap", unit: "ms", bar: { kind: "ratioAtMost", value: 0.1 } },
		{ label: "its own first text", unit: "ms", bar: { kind: "ratioAtMost", value: 1.3 } },
	],
	async measure({ url }, round) {
		const talking = Promise.withResolvers<void>();
		let silent = streams;
		const running = Array.from({ length: streams }, (_, index) => {
			let hasBegun = false;
			return streamChat(url, ask(story(index, round), streamTokens, round * 100 + index), {
				onText: () => {
					if (!hasBegun) {
						hasBegun = true;
						silent--;
						if (silent === 0) {
							talking.resolve();
						}
					}
				},
			});
		});
		await Promise.race([talking.promise, Promise.all(running)]);
		const entering = await streamChat(url, ask(`${longText(2980, `${round}b`)}What was quiet?`, 4, round));
		const beside = await Promise.all(running);
		return [Math.max(...beside.map(({ longestGapMs }) => longestGapMs)), entering.firstTextMs];
	},
};
