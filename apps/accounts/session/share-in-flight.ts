/** Runs work once for everybody who asks for the same key while it runs. */
export type Share<T> = (key: string, work: () => Promise<T>) => Promise<T>;

/** Makes an empty share; nothing is kept after the work has ended. */
export function createShare<T>(): Share<T> {
	const running = new Map<string, Promise<T>>();
	return (key, work) => {
		const known = running.get(key);
		if (known !== undefined) {
			return known;
		}
		const started = work().finally(() => running.delete(key));
		running.set(key, started);
		return started;
	};
}
