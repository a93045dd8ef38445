import type { Measured } from "./thread-candidates.ts";

/** Samples of each count: enough that half of them may meet the work of other programs. */
const rounds = 4;
/** More threads that make a step this much slower are not worth a longer look. */
const hopeless = 1.5;
/** A sample that looks hopeless is taken again this often before it is believed: a pause of the machine looks the same. */
const secondLooks = 2;

/** The second fastest of several: what the machine does when nobody disturbs it, and no lucky strike. */
function typical(samples: readonly number[]): number {
	const [fastest = Number.POSITIVE_INFINITY, second = fastest] = [...samples].sort((a, b) => a - b);
	return second;
}

/**
 * Measures counts of threads, in ascending order, by short samples taken in turn, so that what disturbs the machine meets
 * all of them alike. `sample` gives milliseconds; no further round is begun once `isLate`.
 */
export function compareCounts(
	candidates: readonly number[],
	sample: (threads: number) => number,
	isLate: () => boolean,
): readonly Measured[] {
	const samples = new Map<number, number[]>();
	let fastest = Number.POSITIVE_INFINITY;
	const isHopeless = (threads: number): boolean => {
		const taken = samples.get(threads) ?? [];
		while (Math.min(...taken) > fastest * hopeless && taken.length <= secondLooks) {
			taken.push(sample(threads));
		}
		fastest = Math.min(fastest, ...taken);
		return Math.min(...taken) > fastest * hopeless;
	};
	for (const threads of candidates) {
		samples.set(threads, [sample(threads)]);
		if (isHopeless(threads) || (samples.size > 1 && isLate())) {
			break;
		}
	}
	const worthwhile = [...samples].filter(([threads]) => !isHopeless(threads));
	for (let round = 1; round < rounds && worthwhile.length > 1 && !isLate(); round++) {
		for (const [threads, taken] of worthwhile) {
			taken.push(sample(threads));
		}
	}
	return worthwhile.map(([threads, taken]) => ({ threads, ms: typical(taken) }));
}
