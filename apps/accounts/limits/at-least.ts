import { setTimeout as delay } from "node:timers/promises";

/** Longer than any of these answers takes by itself: known and unknown accounts cannot be told apart by time. */
const leastMs = 500;

/** Runs work and answers no sooner than after half a second. */
export async function atLeast<T>(work: () => Promise<T>): Promise<T> {
	const [result] = await Promise.all([work(), delay(leastMs)]);
	return result;
}
