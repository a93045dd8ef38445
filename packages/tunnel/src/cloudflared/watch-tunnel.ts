import { setTimeout as delay } from "node:timers/promises";
import type { CloudflaredMetrics } from "./ask-metrics.ts";
import type { MeetSelf } from "./meet-self.ts";

/** How often is looked, and what is borne. */
export interface WatchIntervals {
	readonly metricsMs: number;
	/** cloudflared may be without an answer or without a connection for so long. */
	readonly silenceMs: number;
	/** Between two calls of the own public name. */
	readonly meetMs: number;
	/** So many of them in a row may not fail. */
	readonly failedMeetings: number;
}

/** The intervals of a host that nobody configured otherwise. */
export const defaultWatchIntervals: WatchIntervals = { metricsMs: 2000, silenceMs: 30_000, meetMs: 30_000, failedMeetings: 3 };

/** What is watched, and who is told. */
export interface WatchedTunnel {
	/** Rejects where cloudflared does not answer. */
	readonly askMetrics: (signal: AbortSignal) => Promise<CloudflaredMetrics>;
	/** Public address as it is known now; null while it is not. */
	readonly publicUrl: () => string | null;
	/** Null where something stands before the door that lets only its own people through. */
	readonly meetSelf: MeetSelf | null;
	/** Told after each look while there are connections. */
	readonly onUp: (metrics: CloudflaredMetrics) => void;
	/** Told after each look while there are none. */
	readonly onDown: (reason: string) => void;
}

const noAnswer = "cloudflared does not answer";
const noConnection = "cloudflared has no connection to Cloudflare";

/**
 * Watches a running cloudflared. Settles with why it must be started again: it hangs, has no connection for too long, or
 * the public name does not lead here; with null when the signal ends the watch.
 */
export async function watchTunnel(tunnel: WatchedTunnel, signal: AbortSignal, intervals: WatchIntervals): Promise<string | null> {
	const ending = new AbortController();
	const over = AbortSignal.any([signal, ending.signal]);
	const pause = (ms: number): Promise<void> => delay(ms, undefined, { signal: over, ref: false }).catch(() => undefined);
	let isUp = false;

	async function look(): Promise<string | null> {
		const metrics = await tunnel.askMetrics(over).catch(() => null);
		if (metrics === null) {
			return noAnswer;
		}
		if (metrics.readyConnections === 0) {
			return noConnection;
		}
		tunnel.onUp(metrics);
		return null;
	}
	async function watchMetrics(): Promise<string | null> {
		for (let lastGoodMs = performance.now(); !over.aborted; await pause(intervals.metricsMs)) {
			const trouble = await look();
			isUp = trouble === null;
			if (over.aborted) {
				break;
			}
			if (trouble === null) {
				lastGoodMs = performance.now();
			} else if (performance.now() - lastGoodMs >= intervals.silenceMs) {
				return `${trouble} for ${intervals.silenceMs / 1000} s`;
			} else {
				tunnel.onDown(trouble);
			}
		}
		return null;
	}
	async function watchMeetings(meet: MeetSelf): Promise<string | null> {
		for (let failed = 0; !over.aborted; ) {
			await pause(intervals.meetMs);
			const publicUrl = tunnel.publicUrl();
			if (over.aborted || !isUp || publicUrl === null) {
				continue;
			}
			const trouble = await meet(publicUrl, over);
			failed = trouble === null ? 0 : failed + 1;
			if (trouble !== null && failed >= intervals.failedMeetings && !over.aborted) {
				return `this host does not meet itself at ${publicUrl}: ${trouble}`;
			}
		}
		return null;
	}
	const watches = [watchMetrics(), ...(tunnel.meetSelf === null ? [] : [watchMeetings(tunnel.meetSelf)])];
	const reason = await Promise.race(watches);
	ending.abort();
	await Promise.all(watches);
	return reason;
}
