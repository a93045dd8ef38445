/** Notices a model that makes the same call again and again with the same result. */
export interface LoopGuard {
	/** True where this call would be the third of its kind in a row, and both before it had the same result. */
	readonly isStuck: (name: string, values: Readonly<Record<string, unknown>>) => boolean;
	readonly note: (name: string, values: Readonly<Record<string, unknown>>, output: string) => void;
	/** Calls that were refused. */
	readonly refusals: () => number;
}

const sameInARow = 2;

/** A guard for one turn. */
export function createLoopGuard(): LoopGuard {
	let last = { call: "", output: "", count: 0 };
	let refused = 0;
	return {
		isStuck(name, values) {
			const stuck = last.call === JSON.stringify([name, values]) && last.count >= sameInARow;
			refused += stuck ? 1 : 0;
			return stuck;
		},
		note(name, values, output) {
			const call = JSON.stringify([name, values]);
			last = last.call === call && last.output === output ? { ...last, count: last.count + 1 } : { call, output, count: 1 };
		},
		refusals: () => refused,
	};
}
