/** Lets one change at a time happen to a file. */
export interface PathLocks {
	/** Runs `work` when nobody else holds any of the paths; those who wait come in order. */
	readonly hold: <Result>(paths: readonly string[], work: () => Promise<Result>) => Promise<Result>;
}

/** Locks of this process: its sessions and parallel calls, not other programs. */
export function createPathLocks(): PathLocks {
	const tails = new Map<string, Promise<void>>();
	return {
		hold: async (paths, work) => {
			const held = [...new Set(paths)];
			// All places in the queues are taken at once, so that two calls cannot each wait for the other.
			const before = held.map((path) => tails.get(path));
			const { promise: done, resolve: release } = Promise.withResolvers<void>();
			for (const path of held) {
				tails.set(path, done);
			}
			try {
				await Promise.all(before);
				return await work();
			} finally {
				release();
				for (const path of held) {
					if (tails.get(path) === done) {
						tails.delete(path);
					}
				}
			}
		},
	};
}
