import type { OwnMeasurement } from "../measurement.ts";
import { startOwnLmx } from "../own-lmx.ts";
import { ask, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const cases = [
	{ contextTokens: 2048, sequences: 1 },
	{ contextTokens: 2048, sequences: 8 },
	{ contextTokens: 8192, sequences: 1 },
	{ contextTokens: 8192, sequences: 8 },
] as const;

/** How far the memory that was predicted before a load is from what the model's process really took. */
export const memoryPrediction: OwnMeasurement = {
	kind: "own",
	name: "memory",
	figures: cases.map(({ contextTokens, sequences }) => ({
		label: `memory predicted, ${contextTokens} tokens × ${sequences}`,
		unit: "% off",
		bar: { kind: "atMost", value: 10 },
	})),
	async measure(_lmx, round) {
		const errors: number[] = [];
		for (const { contextTokens, sequences } of cases) {
			const own = await startOwnLmx(["--context-tokens", String(contextTokens), "--sequences", String(sequences)]);
			try {
				await streamChat(own.url, ask(story(0, round), 16, round));
				errors.push(Math.abs((await own.model()).memory?.errorPercent ?? Number.NaN));
			} finally {
				await own.stop();
			}
		}
		return errors;
	},
};
