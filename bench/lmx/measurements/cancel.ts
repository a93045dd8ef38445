import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { OwnMeasurement } from "../measurement.ts";
import type { OwnLmx } from "../own-lmx.ts";
import { ask, longText, story } from "../questions.ts";
import { type ChatBody, streamChat } from "../stream-chat.ts";

/** 150 ms, and the longest step while prompts are read alone. */
const barMs = 150 + 500;

async function isIdle(lmx: OwnLmx): Promise<boolean> {
	return (await lmx.model()).activeRequests === 0;
}

/** Closes the connection when `when` settles; milliseconds until the model's place is free. */
async function closeAt(lmx: OwnLmx, question: ChatBody, when: (onText: Promise<void>) => Promise<void>): Promise<number> {
	const leaving = new AbortController();
	const text = Promise.withResolvers<void>();
	const answer = streamChat(lmx.url, question, { signal: leaving.signal, onText: () => text.resolve() }).catch(() => null);
	await when(text.promise);
	leaving.abort();
	const leftAtMs = performance.now();
	await answer;
	while (!(await isIdle(lmx))) {
		await wait(2);
	}
	return performance.now() - leftAtMs;
}

/** Time until the place of a client that left is free again. */
export const cancel: OwnMeasurement = {
	kind: "own",
	name: "cancel",
	figures: [
		{ label: "client gone while its prompt is read", unit: "ms", bar: { kind: "atMost", value: barMs } },
		{ label: "client gone while it reads", unit: "ms", bar: { kind: "atMost", value: barMs } },
	],
	async measure(lmx, round) {
		const prompt = ask(longText(5000, `${round}d`), 8, round);
		const reading = await closeAt(lmx, prompt, async () => {
			while (await isIdle(lmx)) {
				await wait(2);
			}
		});
		const generating = await closeAt(lmx, ask(story(0, round), 400, round), (text) => text);
		return [reading, generating];
	},
};
