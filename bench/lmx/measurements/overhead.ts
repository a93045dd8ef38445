import type { OwnMeasurement } from "../measurement.ts";
import { countersWhileAllRun } from "./batch-occupancy.ts";

const streams = 6;

/** Time of the model's process that is not spent in llama_decode while six answers are generated. */
export const overhead: OwnMeasurement = {
	kind: "own",
	name: "overhead",
	figures: [{ label: "6 streams: outside llama_decode", unit: "%", bar: { kind: "atMost", value: 4 } }],
	async measure(lmx, round) {
		const [before, after] = await countersWhileAllRun(lmx, streams, round);
		const workMs = after.steps.workMs - before.steps.workMs;
		const decodeMs = after.steps.decodeMs - before.steps.decodeMs;
		return [(1 - decodeMs / workMs) * 100];
	},
};
