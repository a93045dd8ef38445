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

/** The loads that run, by model; ending them all ends those that begin later as well. */
export class SharedLoads<T> {
	readonly #running = new Map<string, SharedLoad<T>>();
	readonly #stopping = new AbortController();

	get isStopped(): boolean {
		return this.#stopping.signal.aborted;
	}

	/** The load of a model that runs now. */
	running(modelId: string): SharedLoad<T> | undefined {
		return this.#running.get(modelId);
	}

	/** The load that runs and was not given up, else one that begins. */
	get(modelId: string, run: (signal: AbortSignal) => Promise<T>): SharedLoad<T> {
		const running = this.#running.get(modelId);
		return running?.isGivenUp === false ? running : this.begin(modelId, run);
	}

	/** Begins a load, whatever runs. */
	begin(modelId: string, run: (signal: AbortSignal) => Promise<T>): SharedLoad<T> {
		const load: SharedLoad<T> = new SharedLoad(
			(signal) =>
				run(signal).finally(() => {
					if (this.#running.get(modelId) === load) {
						this.#running.delete(modelId);
					}
				}),
			this.#stopping.signal,
		);
		this.#running.set(modelId, load);
		return load;
	}

	/** Gives all loads up. */
	stop(): void {
		this.#stopping.abort();
	}
}
