import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** The beginning of an answer is not gathered: the role, the first text. */
const piecesAtOnce = 3;

/**
 * Hands a stream of bytes on, with at least `intervalMs` between two pieces. The first pieces go at once; what
 * arrives later gathers into one, so that a fast model does not cost a write and a wake-up per token on the way.
 * Cancelling the result destroys the source.
 */
export function gatherStream(source: Readable, intervalMs: number): ReadableStream<Uint8Array> {
	let openAtMs = 0;
	let pieces = 0;
	// An error is told by the next reading; without a listener it would end the process.
	source.on("error", () => undefined);
	return new ReadableStream<Uint8Array>(
		{
			async pull(controller) {
				const waitMs = openAtMs - performance.now();
				if (waitMs > 0) {
					await pause(waitMs);
				}
				const piece = await readAll(source);
				if (piece === null) {
					controller.close();
				} else {
					pieces += 1;
					openAtMs = pieces < piecesAtOnce ? 0 : performance.now() + intervalMs;
					controller.enqueue(piece);
				}
			},
			cancel() {
				source.destroy();
			},
		},
		{ highWaterMark: 0 },
	);
}

/** Everything that has arrived, waiting for something if need be; null at the end. Rejects when the source fails. */
async function readAll(source: Readable): Promise<Uint8Array | null> {
	for (;;) {
		const piece: Uint8Array | null = source.read();
		if (piece !== null) {
			return piece;
		}
		if (source.errored !== null) {
			throw source.errored;
		}
		if (source.readableEnded) {
			return null;
		}
		if (source.destroyed) {
			throw new Error("The stream was closed before its end.");
		}
		const settled = new AbortController();
		try {
			await Promise.race(["readable", "end", "close"].map((name) => once(source, name, { signal: settled.signal })));
		} finally {
			settled.abort();
		}
	}
}
