import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import type { OwnMeasurement } from "../measurement.ts";
import type { OwnLmx } from "../own-lmx.ts";
import { ask, longText, story } from "../questions.ts";
import { openSocketChat } from "../socket-chat.ts";
import { type ChatBody, streamChat } from "../stream-chat.ts";

/** 150 ms, and the longest step while prompts are read alone. */
const barMs = 150 + 500;
/** So long that it is read for several seconds. */
const promptTokens = 5000;
const answerTokens = 400;

async function isIdle(lmx: OwnLmx): Promise<boolean> {
	return (await lmx.model()).activeRequests === 0;
}

async function untilBusy(lmx: OwnLmx): Promise<void> {
	while (await isIdle(lmx)) {
		await wait(2);
	}
}

/** Milliseconds from `leave` until the model's place is free. */
async function timeToFree(lmx: OwnLmx, leave: () => void): Promise<number> {
	const leftAtMs = performance.now();
	leave();
	while (!(await isIdle(lmx))) {
		await wait(2);
	}
	return performance.now() - leftAtMs;
}

/** The client closes its connection. @throws when the answer is complete before. */
async function goAway(lmx: OwnLmx, question: ChatBody, awaitsText: boolean): Promise<number> {
	const leaving = new AbortController();
	const text = Promise.withResolvers<void>();
	const answer = streamChat(lmx.url, question, { signal: leaving.signal, onText: () => text.resolve() });
	const tooEarly = answer.then(() => Promise.reject(new Error("The answer was complete before anybody could leave.")));
	await Promise.race([awaitsText ? text.promise : untilBusy(lmx), tooEarly]);
	const ms = await timeToFree(lmx, () => leaving.abort());
	await Promise.allSettled([answer, tooEarly]);
	return ms;
}

/** The client sends a cancel and stays. */
async function sendCancel(lmx: OwnLmx, question: ChatBody, awaitsText: boolean): Promise<number> {
	const chat = await openSocketChat(lmx.url, question);
	await (awaitsText ? chat.text : untilBusy(lmx));
	const ms = await timeToFree(lmx, () => chat.cancel());
	chat.close();
	return ms;
}

/** Time until the place of a request that nobody wants any more is free. */
export const cancel: OwnMeasurement = {
	kind: "own",
	name: "cancel",
	figures: [
		"client gone while its prompt is read",
		"client gone while it reads",
		"cancelled while its prompt is read",
		"cancelled while it reads",
	].map((label) => ({ label, unit: "ms", bar: { kind: "atMost", value: barMs } })),
	async measure(lmx, round) {
		const prompt = (mark: string): ChatBody => ask(longText(promptTokens, `${round}${mark}`), 8, round);
		const answer = ask(story(0, round), answerTokens, round);
		return [
			await goAway(lmx, prompt("d"), false),
			await goAway(lmx, answer, true),
			await sendCancel(lmx, prompt("e"), false),
			await sendCancel(lmx, answer, true),
		];
	},
};
