import { Writable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cutStalledReader, StalledReaderError } from "./cut-stalled-reader.ts";

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
	vi.useRealTimers();
});

/** A stream whose reader takes a piece when it is told to. */
function reader(): { readonly stream: Writable; readonly take: () => Promise<void> } {
	let taken = (): void => undefined;
	const stream = new Writable({
		highWaterMark: 1,
		write: (_chunk, _encoding, done) => {
			taken = done;
		},
	});
	stream.on("error", () => undefined);
	cutStalledReader(stream, 1000);
	return {
		stream,
		take: () =>
			new Promise((resolve) => {
				stream.once("drain", resolve);
				taken();
			}),
	};
}

describe("cutStalledReader", () => {
	it("cuts who takes nothing, at the latest after twice the time, and says why", () => {
		const { stream } = reader();
		stream.write("x");
		vi.advanceTimersByTime(999);
		expect(stream.destroyed).toBe(false);
		vi.advanceTimersByTime(1001);
		expect(stream.errored).toBeInstanceOf(StalledReaderError);
	});

	it("leaves who is slow but takes something, and who has nothing to take", async () => {
		const { stream, take } = reader();
		for (let pieces = 0; pieces < 10; pieces++) {
			stream.write("x");
			vi.advanceTimersByTime(1000);
			await take();
			stream.write("y");
			vi.advanceTimersByTime(900);
			await take();
		}
		vi.advanceTimersByTime(60_000);
		expect(stream.destroyed).toBe(false);
	});

	it("ends with the stream", async () => {
		const { stream } = reader();
		stream.destroy();
		await new Promise((resolve) => stream.once("close", resolve));
		expect(vi.getTimerCount()).toBe(0);
	});
});
