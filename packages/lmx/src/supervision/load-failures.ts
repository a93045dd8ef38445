/** A model whose load failed this often is broken: it is loaded again only when somebody asks for that. */
const brokenAfter = 3;
/** Pause before the next try, by the number of failures. */
const pausesMs = [2000, 10_000] as const;

/** Why a model is not tried now. */
export interface LoadFailure {
	readonly reason: string;
	readonly isBroken: boolean;
	/** Milliseconds until it may be tried again; null when it is broken. */
	readonly retryInMs: number | null;
}

interface FailureRecord {
	readonly reason: string;
	readonly count: number;
	readonly retryAtMs: number;
}

/** Remembers models that could not be loaded, so that a storm of requests does not load a broken model again and again. */
export class LoadFailures {
	readonly #records = new Map<string, FailureRecord>();

	/** Counts a failed load. */
	add(modelId: string, reason: string, nowMs: number): void {
		const count = (this.#records.get(modelId)?.count ?? 0) + 1;
		this.#records.set(modelId, { reason, count, retryAtMs: nowMs + (pausesMs[count - 1] ?? 0) });
	}

	/** A model that was given up by its supervisor is broken at once. */
	markBroken(modelId: string, reason: string): void {
		this.#records.set(modelId, { reason, count: brokenAfter, retryAtMs: 0 });
	}

	/** Call when the model answers, or when somebody asks to load it all the same. */
	forget(modelId: string): void {
		this.#records.delete(modelId);
	}

	/** Why the model must not be tried now; null when it may. */
	block(modelId: string, nowMs: number): LoadFailure | null {
		const record = this.#records.get(modelId);
		if (record === undefined) {
			return null;
		}
		if (record.count >= brokenAfter) {
			return { reason: record.reason, isBroken: true, retryInMs: null };
		}
		const retryInMs = record.retryAtMs - nowMs;
		return retryInMs > 0 ? { reason: record.reason, isBroken: false, retryInMs } : null;
	}

	/** Every model whose last load failed, with why. */
	all(): readonly { readonly modelId: string; readonly reason: string }[] {
		return [...this.#records].map(([modelId, { reason }]) => ({ modelId, reason }));
	}
}
