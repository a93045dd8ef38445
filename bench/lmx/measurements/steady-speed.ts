import type { OwnMeasurement } from "../measurement.ts";
import { ask, longText, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const strangers = 10;
const tokens = 150;

/** Speed of one stream after ten chats of others that rest now: what is kept of them must not slow it down. */
export const steadySpeed: OwnMeasurement = {
	kind: "own",
	name: "steady-speed",
	figures: [{ label: "1 stream after ten resting chats", unit: "× of before", bar: { kind: "atLeast", value: 0.97 } }],
	async measure({ url }, round) {
		const tokensPerSecond = async (seed: number): Promise<number> => {
			const { firstTextMs, lastTextMs, completionTokens } = await streamChat(url, ask(story(seed, round), tokens, seed));
			return ((completionTokens - 1) * 1000) / (lastTextMs - firstTextMs);
		};
		const before = await tokensPerSecond(1);
		for (let index = 0; index < strangers; index++) {
			await streamChat(url, ask(`${longText(600, `${round}f${index}`)}What was quiet?`, 16, index));
		}
		return [(await tokensPerSecond(2)) / before];
	},
};
