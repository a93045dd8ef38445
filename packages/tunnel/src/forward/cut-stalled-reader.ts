import type { Writable } from "node:stream";

/** Somebody took nothing of what waits for them. */
export class StalledReaderError extends Error {
	override readonly name = "StalledReaderError";
}

/** Destroys a stream whose reader lets it wait full for `stallMs`, at the latest after twice that time, so that nothing is held for who does not read. Ends with the stream. */
export function cutStalledReader(stream: Writable, stallMs: number): void {
	let wasFull = false;
	const watch = setInterval(() => {
		if (wasFull) {
			stream.destroy(new StalledReaderError(`The reader took nothing for ${stallMs} ms.`));
		}
		wasFull = stream.writableNeedDrain;
	}, stallMs).unref();
	stream.on("drain", () => {
		wasFull = false;
	});
	stream.once("close", () => clearInterval(watch));
}
