import { expect, it, vi } from "vitest";
import type { ModelEvent } from "./model-source.ts";
import { showWaiting } from "./show-waiting.ts";

const loading: ModelEvent = { type: "progress", stage: "loading_model", fraction: null, message: "Loading x" };
const text: ModelEvent = { type: "text", text: "Hi" };

it("says the same thing once, and nothing more once the answer comes", async () => {
	vi.useFakeTimers();
	const answer = Promise.withResolvers<void>();
	const look = vi.fn(async () => loading);
	async function* events(): AsyncGenerator<ModelEvent> {
		await answer.promise;
		yield text;
	}
	const seen: ModelEvent[] = [];
	const read = (async () => {
		for await (const event of showWaiting(events(), look)) {
			seen.push(event);
		}
	})();
	await vi.advanceTimersByTimeAsync(5000);
	expect(seen).toEqual([loading]);
	expect(look).toHaveBeenCalledTimes(5);
	answer.resolve();
	await read;
	await vi.advanceTimersByTimeAsync(5000);
	expect(seen).toEqual([loading, text]);
	expect(look).toHaveBeenCalledTimes(5);
	vi.useRealTimers();
});
