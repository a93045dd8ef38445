/** How many clients may hold a connection open at the same time, and who does. */
export interface Readers {
	readonly limit: number;
	readonly used: () => number;
	/** Room for one, with how to end it; null when there is none. The result gives the room back. */
	readonly enter: (end: () => void) => (() => void) | null;
	/** Ends all. */
	readonly endAll: () => void;
}

/** Bounds the connections that stay open. */
export function openReaders(limit: number): Readers {
	const open = new Set<() => void>();
	return {
		limit,
		used: () => open.size,
		enter(end) {
			if (open.size >= limit) {
				return null;
			}
			const entry = (): void => end();
			open.add(entry);
			return () => open.delete(entry);
		},
		endAll() {
			for (const end of [...open]) {
				end();
			}
		},
	};
}
