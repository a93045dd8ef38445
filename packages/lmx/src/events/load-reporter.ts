import type { LmxEvent } from "@opta/contracts/schema/lmx-events";
import type { EventBus } from "./event-bus.ts";

/** What the server does now. */
export type ServerLoad = Omit<Extract<LmxEvent, { type: "requests.load" }>, "type" | "at">;

const reportEveryMs = 1000;

function rounded({ active, queued, tokensPerSecond, promptTokensPerSecond }: ServerLoad): ServerLoad {
	const tenths = (value: number): number => Math.round(value * 10) / 10;
	return { active, queued, tokensPerSecond: tenths(tokensPerSecond), promptTokensPerSecond: tenths(promptTokensPerSecond) };
}

/** Publishes `requests.load` at most once a second, and only when it differs from what was said last. The result ends it. */
export function reportLoad(bus: EventBus, readLoad: () => ServerLoad): () => void {
	let lastText = JSON.stringify(rounded({ active: 0, queued: 0, tokensPerSecond: 0, promptTokensPerSecond: 0 }));
	const timer = setInterval(() => {
		const load = rounded(readLoad());
		const text = JSON.stringify(load);
		if (text !== lastText) {
			lastText = text;
			bus.publish({ type: "requests.load", ...load });
		}
	}, reportEveryMs).unref();
	return () => clearInterval(timer);
}
