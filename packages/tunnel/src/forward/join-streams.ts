import type { Duplex } from "node:stream";
import { cutStalledReader } from "./cut-stalled-reader.ts";

/** Bounds of two joined connections. */
export interface JoinLimits {
	/** Longest silence of both together. */
	readonly idleTimeoutMs: number;
	readonly readerStallMs: number;
}

/** What went through, and why it is over. */
export interface JoinedStreams {
	readonly bytes: number;
	/** Null when one of the two closed. */
	readonly reason: string | null;
}

/**
 * Passes bytes on between two connections, each as fast as the other takes them, until one of them closes; then the other
 * one is cut too. What lies between is bounded by their own buffers, however large a frame is.
 */
export function joinStreams(one: Duplex, other: Duplex, limits: JoinLimits): Promise<JoinedStreams> {
	return new Promise((resolve) => {
		let bytes = 0;
		let reason: string | null = null;
		const cut = (): void => {
			one.destroy();
			other.destroy();
		};
		const idle = setTimeout(() => {
			reason = "silent for too long";
			cut();
		}, limits.idleTimeoutMs).unref();
		for (const [from, to] of [
			[one, other],
			[other, one],
		] as const) {
			from.on("data", (chunk: Buffer) => {
				bytes += chunk.length;
				idle.refresh();
			});
			from.on("error", (error) => {
				reason ??= error.message;
			});
			from.once("close", () => {
				// What was read is still written; a connection that was not ended properly is cut as well.
				if (from.readableEnded && from.errored === null && !to.destroyed) {
					to.end();
				} else {
					to.destroy();
				}
				if (one.destroyed && other.destroyed) {
					clearTimeout(idle);
					resolve({ bytes, reason });
				}
			});
			cutStalledReader(to, limits.readerStallMs);
			from.pipe(to);
		}
	});
}
