/** What the watch reads and tells. */
export interface MemoryWatchParts {
	readonly usedBytes: () => number;
	/** `daemon.maxMemoryBytes`. */
	readonly limitBytes: () => number;
	readonly onOver: (used: number, limit: number) => void;
	readonly everyMs?: number;
}

const usualEveryMs = 30_000;

/** Tells once each time the daemon's memory goes over its bound. The result ends the watch. */
export function watchMemory({ usedBytes, limitBytes, onOver, everyMs = usualEveryMs }: MemoryWatchParts): () => void {
	let isOver = false;
	const timer = setInterval(() => {
		const [used, limit] = [usedBytes(), limitBytes()];
		if (used > limit && !isOver) {
			onOver(used, limit);
		}
		isOver = used > limit;
	}, everyMs).unref();
	return () => clearInterval(timer);
}
