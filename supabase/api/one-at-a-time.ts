/** Runs tasks one after the other, in the order they came; at most `limit` wait. */
export interface OneAtATime {
	/** Runs the task when its turn has come. Answers null at once where too many wait already. */
	run<Result>(task: () => Promise<Result>): Promise<Result> | null;
	/** Resolves when everything that was accepted so far is done. */
	idle(): Promise<void>;
}

/** Makes a queue whose tasks never overlap. */
export function createOneAtATime(limit: number): OneAtATime {
	let last: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	return {
		run(task) {
			if (waiting >= limit) {
				return null;
			}
			waiting += 1;
			const turn = last.then(task).finally(() => {
				waiting -= 1;
			});
			// The next task runs whether this one failed or not; whoever asked for it gets the failure.
			last = turn.catch(() => undefined);
			return turn;
		},
		idle: () => last.then(() => undefined),
	};
}
