import type { LoadedModel } from "@opta/contracts/schema/lmx-status";
import type { OwnMeasurement } from "../measurement.ts";
import type { OwnLmx } from "../own-lmx.ts";
import { ask, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const tokens = 150;

/** The model's counters while all of `streams` readers get text: after the first text of all, and at the first end. */
export async function countersWhileAllRun(lmx: OwnLmx, streams: number, round: number): Promise<readonly [LoadedModel, LoadedModel]> {
	let silent = streams;
	const talking = Promise.withResolvers<LoadedModel>();
	const answers = Array.from({ length: streams }, (_, index) => {
		let texts = 0;
		return streamChat(lmx.url, ask(story(index, round), tokens, round * 100 + index), {
			onText: () => {
				silent -= texts++ === 0 ? 1 : 0;
				if (silent === 0) {
					silent = -1;
					talking.resolve(lmx.model());
				}
			},
		});
	});
	const before = await talking.promise;
	const [after] = await Promise.all([Promise.race(answers).then(() => lmx.model()), ...answers]);
	return [before, after];
}

/** Mean number of answers that got a token in one step. */
function meanOccupancy([before, after]: readonly [LoadedModel, LoadedModel]): number {
	return (after.steps.answers - before.steps.answers) / (after.steps.generating - before.steps.generating);
}

/** Share of the batch that N readers fill. */
export const batchOccupancy: OwnMeasurement = {
	kind: "own",
	name: "occupancy",
	figures: [2, 4, 6, 8].map((streams) => ({
		label: `mean batch of ${streams} streams`,
		unit: `of ${streams}`,
		bar: { kind: "atLeast", value: 0.98 * streams },
	})),
	async measure(lmx, round) {
		const means: number[] = [];
		for (const streams of [2, 4, 6, 8]) {
			means.push(meanOccupancy(await countersWhileAllRun(lmx, streams, round)));
		}
		return means;
	},
};
