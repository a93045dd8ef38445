import type { Drafter, DraftRequest } from "./drafter.ts";

/** The last tokens that must occur earlier for what followed there to be a guess: the more, the better. */
const longestPattern = 4;
const shortestPattern = 2;

/** Position after the latest earlier occurrence of the last `size` tokens; -1 when there is none. */
function findEarlier({ tokens, length }: DraftRequest, size: number): number {
	const pattern = length - size;
	for (let start = pattern - 1; start >= 0; start--) {
		let same = 0;
		while (same < size && tokens[start + same] === tokens[pattern + same]) {
			same++;
		}
		if (same === size) {
			return start + size;
		}
	}
	return -1;
}

function guess(request: DraftRequest): number[] {
	for (let size = longestPattern; size >= shortestPattern; size--) {
		const from = findEarlier(request, size);
		if (from !== -1) {
			return [...request.tokens.subarray(from, Math.min(request.length, from + request.most))];
		}
	}
	return [];
}

/** Guesses that an answer repeats what stands in the prompt or in itself: good for code, quotations and lists. */
export const lookupDrafter: Drafter = { propose: (requests) => requests.map(guess) };
