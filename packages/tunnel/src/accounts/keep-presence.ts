import { setTimeout as delay } from "node:timers/promises";
import type { HostPresence } from "@opta/contracts/schema/host-claim";

/** Where a host says where it is, and how often. */
export interface KeptPresence {
	/** Rejects where accounts did not take it. */
	readonly post: (presence: HostPresence) => Promise<void>;
	/** Where the host is now. */
	readonly read: () => HostPresence;
	/** Told once when accounts takes it no more, with why, and once when it takes it again. */
	readonly onTaken: (taken: boolean, error?: unknown) => void;
	readonly everyMs?: number;
	/** Longest wait until one that was not taken is sent again; the waits grow up to it. */
	readonly retryMs?: number;
}

const usualEveryMs = 300_000;
const usualRetryMs = 60_000;
const firstRetryMs = 2000;

/** Says where this host is at once, on each change and every five minutes, until the signal ends it. */
export function keepPresence(presence: KeptPresence, signal: AbortSignal): { readonly changed: () => void } {
	const { everyMs = usualEveryMs, retryMs = usualRetryMs } = presence;
	let wake = new AbortController();

	async function keep(): Promise<void> {
		let taken: boolean | null = null;
		for (let failures = 0; !signal.aborted; ) {
			wake = new AbortController();
			try {
				await presence.post(presence.read());
				failures = 0;
				if (taken !== true) {
					taken = true;
					presence.onTaken(true);
				}
			} catch (error) {
				failures += 1;
				if (taken !== false && !signal.aborted) {
					taken = false;
					presence.onTaken(false, error);
				}
			}
			const waitMs = failures === 0 ? everyMs : Math.min(retryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20));
			await delay(waitMs, undefined, { signal: AbortSignal.any([signal, wake.signal]), ref: false }).catch(() => undefined);
		}
	}
	void keep();
	return { changed: () => wake.abort() };
}
