import { createEventChannel } from "./event-channel.ts";
import type { ModelEvent } from "./model-source.ts";

/** How often it is looked why nothing happens yet. */
const everyMs = 1000;

/**
 * Passes events on, and says why the first one does not come: a model is being loaded, or others are answered first.
 * `look` finds that out; what it says is shown when it differs from what was shown last.
 */
export async function* showWaiting(
	events: AsyncIterable<ModelEvent>,
	look: (signal: AbortSignal) => Promise<ModelEvent | null>,
): AsyncGenerator<ModelEvent, void> {
	const channel = createEventChannel<ModelEvent>();
	const over = new AbortController();
	let shown = "";
	let isLooking = false;

	async function tick(): Promise<void> {
		isLooking = true;
		const seen = await look(over.signal);
		isLooking = false;
		const text = JSON.stringify(seen);
		if (seen !== null && !over.signal.aborted && text !== shown) {
			shown = text;
			channel.push(seen);
		}
	}

	const timer = setInterval(() => (isLooking ? undefined : void tick()), everyMs);
	const stop = (): void => {
		clearInterval(timer);
		over.abort();
	};

	async function pump(): Promise<void> {
		for await (const event of events) {
			if (event.type !== "progress" || event.stage !== "connecting") {
				stop();
			}
			channel.push(event);
		}
	}

	const pumped = pump().finally(() => {
		stop();
		channel.end();
	});
	try {
		yield* channel.read();
		await pumped;
	} finally {
		stop();
	}
}
