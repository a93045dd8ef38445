/** Hands values from callbacks to one reader, in order. */
export interface EventChannel<T> {
	readonly push: (value: T) => void;
	/** Ends the reader after what was pushed. */
	readonly end: () => void;
	readonly read: () => AsyncGenerator<T, void>;
}

/** A channel without values. What is pushed after its end is ignored. */
export function createEventChannel<T>(): EventChannel<T> {
	let values: T[] = [];
	let ended = false;
	let wake: (() => void) | null = null;
	return {
		push(value) {
			if (!ended) {
				values.push(value);
				wake?.();
			}
		},
		end() {
			ended = true;
			wake?.();
		},
		async *read() {
			for (;;) {
				const ready = values;
				values = [];
				yield* ready;
				if (ready.length === 0 && ended) {
					return;
				}
				if (values.length === 0 && !ended) {
					await new Promise<void>((resolve) => {
						wake = resolve;
					});
					wake = null;
				}
			}
		},
	};
}
