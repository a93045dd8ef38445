/** Watches that a server from which nothing is heard is still there. */
export interface ServerWatch {
	/** Something was heard. */
	readonly heard: () => void;
	readonly stop: () => void;
}

/** How a server is watched. There is no limit on how long it may take, only on how long it may be gone. */
export interface WatchOptions {
	/** A check is made when nothing was heard for this long. */
	readonly everyMs: number;
	/** After so many checks in a row without an answer it is taken for dead. */
	readonly misses: number;
	/** Asks for a sign of life; true when there was one. Where the sign comes by another way (`heard`), it answers false. */
	readonly check: (signal: AbortSignal) => Promise<boolean>;
	readonly onDead: () => void;
}

/** Starts to watch; ends with `stop` or after `onDead`. */
export function watchServer({ everyMs, misses, check, onDead }: WatchOptions): ServerWatch {
	let missed = 0;
	const stopped = new AbortController();

	async function look(): Promise<void> {
		missed++;
		if (missed > misses) {
			stop();
			onDead();
			return;
		}
		const before = missed;
		const alive = await check(AbortSignal.any([stopped.signal, AbortSignal.timeout(everyMs)]));
		if (alive && missed === before) {
			missed = 0;
		}
	}

	const timer = setInterval(() => void look(), everyMs);

	function stop(): void {
		clearInterval(timer);
		stopped.abort();
	}

	return {
		heard() {
			missed = 0;
			timer.refresh();
		},
		stop,
	};
}
