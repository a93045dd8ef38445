const windowMs = 60_000;
const wrongKeysPerWindow = 20;
/** Clients that are remembered; the oldest are forgotten first. */
const maxClients = 10_000;

/** Counts wrong keys by client, so that nobody tries many. Requests without a key, and with a right one, cost nothing. */
export class WrongKeys {
	readonly #clients = new Map<string, { count: number; readonly endsAtMs: number }>();

	/** Milliseconds until the client may try a key again; null when it may now. */
	blockedForMs(client: string, nowMs: number): number | null {
		const window = this.#clients.get(client);
		return window !== undefined && window.count >= wrongKeysPerWindow && nowMs < window.endsAtMs ? window.endsAtMs - nowMs : null;
	}

	/** A wrong key came. */
	add(client: string, nowMs: number): void {
		const window = this.#clients.get(client);
		if (window !== undefined && nowMs < window.endsAtMs) {
			window.count++;
			return;
		}
		this.#clients.delete(client);
		this.#clients.set(client, { count: 1, endsAtMs: nowMs + windowMs });
		if (this.#clients.size > maxClients) {
			const [oldest] = this.#clients.keys();
			this.#clients.delete(oldest ?? client);
		}
	}
}
