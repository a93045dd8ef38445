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

/**
 * Index of the first score above `threshold` at or after `from`; the length when there is none. Reading eight
 * at a time is more than three times as fast as one, and this is where sampling spends its time.
 */
function nextAbove(scores: Float32Array, from: number, threshold: number): number {
	let index = from;
	for (const end = scores.length - 7; index < end; index += 8) {
		if (
			(scores[index] as number) > threshold ||
			(scores[index + 1] as number) > threshold ||
			(scores[index + 2] as number) > threshold ||
			(scores[index + 3] as number) > threshold ||
			(scores[index + 4] as number) > threshold ||
			(scores[index + 5] as number) > threshold ||
			(scores[index + 6] as number) > threshold ||
			(scores[index + 7] as number) > threshold
		) {
			break;
		}
	}
	while (index < scores.length && !((scores[index] as number) > threshold)) {
		index++;
	}
	return index;
}

/** Index of the highest score; the lowest index among equals. */
export function argMax(scores: Float32Array): number {
	let best = 0;
	for (let next = 0; next < scores.length; next = nextAbove(scores, next, scores[best] as number)) {
		best = next;
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

/** Makes a heap with the least score on top. */
function makeHeap(candidates: Candidates): void {
	for (let parent = (candidates.count >> 1) - 1; parent >= 0; parent--) {
		siftDown(candidates, parent, candidates.count);
	}
}

/**
 * Takes the `limit` best tokens with a score of at least `floor`, best first. One pass over the vocabulary;
 * the heap is touched a few hundred times, so that this costs little more than reading the scores.
 */
export function takeTop(scores: Float32Array, limit: number, floor: number, candidates: Candidates): void {
	const { tokens, scores: kept } = candidates;
	const capacity = Math.min(limit, tokens.length);
	let token = 0;
	let count = 0;
	for (; token < scores.length && count < capacity; token++) {
		const score = scores[token] as number;
		if (score >= floor) {
			tokens[count] = token;
			kept[count++] = score;
		}
	}
	candidates.count = count;
	makeHeap(candidates);
	for (
		let next = nextAbove(scores, token, kept[0] as number);
		next < scores.length;
		next = nextAbove(scores, next + 1, kept[0] as number)
	) {
		tokens[0] = next;
		kept[0] = scores[next] as number;
		siftDown(candidates, 0, count);
	}
	sortHeap(candidates);
}
