/** Asks once for a new session. Resolves to true when there is one. */
export type SessionRecovery = () => Promise<boolean>;

/** One recovery for all requests that an expired session stopped. */
export interface SharedRecovery {
	/** How many recoveries have succeeded; a request notes it before it is sent. */
	readonly count: number;
	/** Recovers, unless that was done since the request noted `count`. A recovery that fails itself counts as none. */
	recover(notedCount: number): Promise<boolean>;
}

/** Shares a recovery between requests, those under way and those that were sent before it was done. */
export function shareRecovery(recover: SessionRecovery): SharedRecovery {
	let count = 0;
	let running: Promise<boolean> | null = null;

	async function run(): Promise<boolean> {
		const recovered = await recover().catch(() => false);
		count += recovered ? 1 : 0;
		running = null;
		return recovered;
	}

	return {
		get count() {
			return count;
		},
		recover(notedCount) {
			if (notedCount < count) {
				return Promise.resolve(true);
			}
			running ??= run();
			return running;
		},
	};
}
