import { isAnswering, type Running } from "./running.ts";

/** For less it is not worth to wait for another request. */
const minGainTokens = 32;

/** A request to wait for, and how many tokens from the start are common. */
export interface Leader {
	readonly leader: Running;
	readonly awaited: number;
}

function commonTokens(a: Running, b: Running): number {
	const limit = Math.min(a.generation.length - 1, b.generation.length);
	let length = 0;
	while (length < limit && a.generation.tokens[length] === b.generation.tokens[length]) {
		length++;
	}
	return length;
}

/**
 * Finds, among requests that came before, one whose prompt is being read and begins like this one, so that the
 * common part is computed once. Null when there is none, or too little to gain.
 */
export function findLeader(running: Running, earlier: readonly Running[]): Leader | null {
	let best: Leader | null = null;
	for (const leader of earlier) {
		const awaited = isAnswering(leader) ? 0 : commonTokens(running, leader);
		if (awaited >= Math.max(running.computed, leader.computed) + minGainTokens && awaited > (best?.awaited ?? 0)) {
			best = { leader, awaited };
		}
	}
	return best;
}
