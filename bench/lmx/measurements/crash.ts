import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { OwnMeasurement } from "../measurement.ts";
import { ask, story } from "../questions.ts";
import { streamChat } from "../stream-chat.ts";

const givenUpMs = 30_000;

/** The model's process is killed under load: time until a question is answered again. */
export const crash: OwnMeasurement = {
	kind: "own",
	name: "crash",
	figures: [{ label: "model back after kill -9", unit: "ms", bar: { kind: "atMost", value: 3000 } }],
	async measure(lmx, round) {
		const talking = Promise.withResolvers<void>();
		const running = Promise.allSettled(
			Array.from({ length: 3 }, (_, index) =>
				streamChat(lmx.url, ask(story(index, round), 400, index), { onText: () => talking.resolve() }),
			),
		);
		await Promise.race([talking.promise, running]);
		process.kill(lmx.enginePid(), "SIGKILL");
		const killedAtMs = performance.now();
		await running;
		for (;;) {
			try {
				await streamChat(lmx.url, ask("Are you back?", 1, round));
				return [performance.now() - killedAtMs];
			} catch (error) {
				if (performance.now() - killedAtMs > givenUpMs) {
					throw error;
				}
				await wait(20);
			}
		}
	},
};
