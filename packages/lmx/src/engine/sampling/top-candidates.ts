/** Tokens to draw from, best first, and their scores; only the first `count` entries mean something. */
export interface Candidates {
	readonly tokens: Int32Array;
	readonly scores: Float64Array;
	count: number;
}

/** Room for `capacity` candidates, to be used again for every token. */
export function createCandidates(capacity: number): Candidates {
	return { tokens: new Int32Array(capacity), scores: new Float64Array(capacity), count: 0 };
}

/** Index of the highest score; the lowest index among equals. */
export function argMax(scores: Float32Array): number {
	let best = 0;
	let bestScore = Number.NEGATIVE_INFINITY;
	for (let index = 0; index < scores.length; index++) {
		const score = scores[index] as number;
		if (score > bestScore) {
			bestScore = score;
			best = index;
		}
	}
	return best;
}

function siftDown({ tokens, scores }: Candidates, from: number, count: number): void {
	const token = tokens[from] as number;
	const score = scores[from] as number;
	let parent = from;
	for (let child = 2 * parent + 1; child < count; child = 2 * parent + 1) {
		if (child + 1 < count && (scores[child + 1] as number) < (scores[child] as number)) {
			child++;
		}
		if ((scores[child] as number) >= score) {
			break;
		}
		tokens[parent] = tokens[child] as number;
		scores[parent] = scores[child] as number;
		parent = child;
	}
	tokens[parent] = token;
	scores[parent] = score;
}

/** Turns a heap with the least score on top into an order with the best first (heapsort). */
function sortHeap(candidates: Candidates): void {
	const { tokens, scores } = candidates;
	for (let end = candidates.count - 1; end > 0; end--) {
		const token = tokens[0] as number;
		const score = scores[0] as number;
		tokens[0] = tokens[end] as number;
		scores[0] = scores[end] as number;
		tokens[end] = token;
		scores[end] = score;
		siftDown(candidates, 0, end);
	}
}

/**
 * Takes the `limit` best tokens with a score of at least `floor`, best first. One pass over the vocabulary;
 * the heap is touched a few hundred times, so that this costs little more than reading the scores.
 */
export function takeTop(scores: Float32Array, limit: number, floor: number, candidates: Candidates): void {
	const { tokens, scores: kept } = candidates;
	const capacity = Math.min(limit, tokens.length);
	let count = 0;
	let threshold = floor;
	let isHeap = false;
	for (let token = 0; token < scores.length; token++) {
		const score = scores[token] as number;
		if (score < threshold) {
			continue;
		}
		if (count < capacity) {
			tokens[count] = token;
			kept[count++] = score;
			continue;
		}
		if (!isHeap) {
			isHeap = true;
			for (let parent = (count >> 1) - 1; parent >= 0; parent--) {
				siftDown(candidates, parent, count);
			}
			threshold = Math.max(floor, kept[0] as number);
		}
		if (score > (kept[0] as number)) {
			tokens[0] = token;
			kept[0] = score;
			siftDown(candidates, 0, count);
			threshold = Math.max(floor, kept[0] as number);
		}
	}
	candidates.count = count;
	if (!isHeap) {
		for (let parent = (count >> 1) - 1; parent >= 0; parent--) {
			siftDown(candidates, parent, count);
		}
	}
	sortHeap(candidates);
}
