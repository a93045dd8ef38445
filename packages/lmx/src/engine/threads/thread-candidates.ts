/** Thread counts worth measuring on a machine: every one on small machines, fewer steps on large ones. */
export function threadCandidates(cores: number): readonly number[] {
	const counts = new Set([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, Math.floor(cores / 2), Math.floor(cores * 0.75), cores - 1, cores]);
	return [...counts].filter((count) => count >= 1 && count <= cores).sort((a, b) => a - b);
}

/** A thread count and what a step took with it. */
export interface Measured {
	readonly threads: number;
	readonly ms: number;
}

/** A gain below this share is noise, or not worth another core. */
const worthwhile = 0.05;

/** The fastest count; of nearly equal ones the smallest, which leaves cores to others. */
export function bestThreads(measured: readonly Measured[]): Measured {
	const fastest = Math.min(...measured.map(({ ms }) => ms));
	const [best] = measured.filter(({ ms }) => ms <= fastest * (1 + worthwhile)).sort((a, b) => a.threads - b.threads);
	if (best === undefined) {
		throw new Error("Nothing was measured.");
	}
	return best;
}
