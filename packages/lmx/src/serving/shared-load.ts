/** One load that several requests wait for. It is given up when the last of them has left. */
export class SharedLoad<T> {
	readonly result: Promise<T>;
	readonly #controller = new AbortController();
	#waiting = 0;

	/** Begins at once; `stop` ends it whoever waits. */
	constructor(run: (signal: AbortSignal) => Promise<T>, stop: AbortSignal) {
		this.result = run(AbortSignal.any([this.#controller.signal, stop]));
	}

	/** Nobody waits for it any more: who comes now needs another load. */
	get isGivenUp(): boolean {
		return this.#controller.signal.aborted;
	}

	/** Waits for the result; null when the caller has left before. */
	async join(signal: AbortSignal): Promise<T | null> {
		this.#waiting++;
		const left = Promise.withResolvers<null>();
		const leave = (): void => left.resolve(null);
		signal.addEventListener("abort", leave, { once: true });
		if (signal.aborted) {
			leave();
		}
		try {
			return await Promise.race([this.result, left.promise]);
		} finally {
			signal.removeEventListener("abort", leave);
			this.#waiting--;
			if (this.#waiting === 0) {
				this.#controller.abort();
			}
		}
	}
}
