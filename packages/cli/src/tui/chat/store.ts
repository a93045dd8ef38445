/** A value that screens watch. */
export interface Store<T> {
	readonly get: () => T;
	readonly update: (change: (value: T) => T) => void;
	readonly subscribe: (listener: () => void) => () => void;
}

/** A store that tells its watchers at most once per `pauseMs`, however often it changes: tokens come faster than frames. */
export function createStore<T>(initial: T, pauseMs: number): Store<T> {
	const listeners = new Set<() => void>();
	let value = initial;
	let timer: NodeJS.Timeout | null = null;
	let changed = false;
	const tell = (): void => {
		changed = false;
		timer = setTimeout(() => {
			timer = null;
			if (changed) {
				tell();
			}
		}, pauseMs);
		timer.unref();
		for (const listener of listeners) {
			listener();
		}
	};
	return {
		get: () => value,
		update: (change) => {
			const next = change(value);
			if (next === value) {
				return;
			}
			value = next;
			changed = true;
			if (timer === null) {
				tell();
			}
		},
		subscribe: (listener) => {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
}
