import type { Duplex } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinMuxes } from "../testing/joined-muxes.ts";
import { decodeFrame } from "./frame.ts";
import { mostStreams } from "./link-limits.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What the test knows of one half of a stream. Each byte tells its place. */
interface Half {
	written: number;
	read: number;
	ended: boolean;
	/** One end destroyed the stream: what arrived is in order, but need not be all. */
	cut: boolean;
}

function pattern(seed: number, begin: number, length: number): Buffer {
	const bytes = Buffer.alloc(length);
	for (let index = 0; index < length; index++) {
		const at = begin + index;
		bytes[index] = (seed * 31 + at * 7 + Math.floor(at / 251)) & 255;
	}
	return bytes;
}

const side = fc.constantFrom("host" as const, "device" as const);
const nth = fc.nat({ max: 7 });
const step = fc.oneof(
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("open" as const), side }) },
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant("write" as const), side, nth, bytes: fc.integer({ min: 1, max: 300_000 }) }) },
	{ weight: 4, arbitrary: fc.record({ kind: fc.constant("read" as const), side, nth, bytes: fc.integer({ min: 1, max: 200_000 }) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("end" as const), side, nth }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("cut" as const), side, nth }) },
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver" as const), side, most: fc.integer({ min: 1, max: 50 }) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("room" as const), side, hasRoom: fc.boolean() }) },
);

describe("two joined muxes", () => {
	it("bring every byte of every stream once and in order, within the windows, whatever comes when", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 90, size: "max" }), async (steps) => {
				const { muxes, wires, opened, faults, deliver } = joinMuxes();
				/** By the order of opening at each side: both ends, and what went from the opener and back. */
				const openedBy: Record<"host" | "device", { readonly opener: Duplex; readonly there: Half; readonly back: Half }[]> = {
					host: [],
					device: [],
				};
				const other = { host: "device", device: "host" } as const;
				const all = () =>
					(["host", "device"] as const).flatMap((by) =>
						openedBy[by].flatMap(({ opener, there, back }, index) => {
							const taker = opened[other[by]][index];
							const seed = index * 2 + (by === "host" ? 0 : 1);
							return [
								{ at: by, from: opener, to: taker, half: there, seed },
								{ at: other[by], from: taker, to: opener, half: back, seed: seed + 100 },
							];
						}),
					);
				const read = (to: Duplex, half: Half, seed: number, most: number): boolean => {
					const bytes: Buffer | null = to.read(Math.min(most, to.readableLength || most)) ?? to.read();
					if (bytes === null) {
						return false;
					}
					expect(bytes.equals(pattern(seed, half.read, bytes.length))).toBe(true);
					half.read += bytes.length;
					return true;
				};
				for (const next of steps) {
					const halves = all().filter(({ at }) => at === next.side);
					const chosen = "nth" in next ? halves[next.nth % Math.max(1, halves.length)] : undefined;
					if (next.kind === "open") {
						openedBy[next.side].push({
							opener: muxes[next.side].openStream(),
							there: { written: 0, read: 0, ended: false, cut: false },
							back: { written: 0, read: 0, ended: false, cut: false },
						});
					} else if (next.kind === "deliver") {
						deliver(next.side, next.most);
					} else if (next.kind === "room") {
						wires[next.side].hasRoom = next.hasRoom;
						muxes[next.side].resume();
					} else if (next.kind === "cut" && chosen?.from !== undefined) {
						chosen.from.destroy();
						for (const { from, to, half } of all()) {
							half.cut ||= from === chosen.from || to === chosen.from;
						}
					} else if (next.kind === "write" && chosen?.from !== undefined && !chosen.half.ended && !chosen.half.cut) {
						chosen.from.write(pattern(chosen.seed, chosen.half.written, next.bytes));
						chosen.half.written += next.bytes;
					} else if (next.kind === "end" && chosen?.from !== undefined) {
						chosen.half.ended = true;
						chosen.from.end();
					} else if (next.kind === "read") {
						const arriving = all().filter(({ at }) => at !== next.side);
						const half = arriving[next.nth % Math.max(1, arriving.length)];
						if (half?.to !== undefined) {
							read(half.to, half.half, half.seed, next.bytes);
						}
					}
					await turn();
				}
				for (const by of ["host", "device"] as const) {
					wires[by].hasRoom = true;
					muxes[by].resume();
				}
				let endings = 0;
				for (let quiet = 0; quiet < 3; ) {
					let moved = false;
					for (const { from, to, half, seed } of all()) {
						if (from !== undefined && !half.ended) {
							half.ended = true;
							from.end();
							endings += 1;
						}
						moved = (to !== undefined && read(to, half, seed, 1_000_000)) || moved;
					}
					moved = deliver("host", 1000) || moved;
					moved = deliver("device", 1000) || moved;
					await turn();
					quiet = moved ? 0 : quiet + 1;
				}
				expect(endings).toBeLessThanOrEqual(all().length);
				expect(faults).toEqual([]);
				for (const { half } of all()) {
					expect(half.cut ? half.read <= half.written : half.read === half.written).toBe(true);
				}
				expect(muxes.host.streamCount() + muxes.device.streamCount()).toBe(0);
			}),
			{ numRuns: 60 },
		);
	});

	it("let streams take turns, a frame each", async () => {
		const { muxes, wires } = joinMuxes();
		wires.host.hasRoom = false;
		const streams = [muxes.host.openStream(), muxes.host.openStream(), muxes.host.openStream()];
		for (const stream of streams) {
			stream.write(Buffer.alloc(100_000));
		}
		wires.host.hasRoom = true;
		wires.host.messages.length = 0;
		muxes.host.resume();
		const order = wires.host.messages
			.map((message) => decodeFrame(message))
			.map((frame) => frame !== null && "streamId" in frame && frame.streamId);
		expect(order.slice(0, 9)).toEqual([2, 4, 6, 2, 4, 6, 2, 4, 6]);
	});

	it("refuse a stream too many, and take the next when one is gone", async () => {
		const { muxes, deliver } = joinMuxes();
		const streams = Array.from({ length: mostStreams }, () => muxes.host.openStream());
		const refused = muxes.host.openStream();
		expect(refused.errored?.message).toMatch(/256 streams already/);
		streams[0]?.destroy();
		await turn();
		expect(muxes.host.openStream().destroyed).toBe(false);
		deliver("host", 1000);
		expect(muxes.device.streamCount()).toBe(mostStreams);
	});

	it("refuse streams of an end that takes none, so that who asked is told", async () => {
		const { muxes, deliver, faults } = joinMuxes(false);
		const stream = muxes.device.openStream();
		stream.write("hello");
		deliver("device", 10);
		deliver("host", 10);
		expect(stream.errored?.message).toBe("The other end takes no streams.");
		expect([muxes.host.streamCount(), muxes.device.streamCount(), faults]).toEqual([0, 0, []]);
	});

	it("let frames pass each other when both ends cut a stream", async () => {
		const { muxes, deliver, opened, faults } = joinMuxes();
		const stream = muxes.host.openStream();
		deliver("host", 10);
		opened.device[0]?.write("on the way");
		stream.destroy();
		opened.device[0]?.destroy();
		await turn();
		deliver("device", 10);
		deliver("host", 10);
		expect([muxes.host.streamCount(), muxes.device.streamCount(), faults]).toEqual([0, 0, []]);
	});

	it("name what an end does that it may not", () => {
		const withStream = () => {
			const { muxes } = joinMuxes();
			expect(muxes.device.receive({ type: "open", streamId: 2 })).toBeNull();
			return muxes.device;
		};
		expect(withStream().receive({ type: "open", streamId: 2 })).toMatch(/cannot be opened/);
		expect(withStream().receive({ type: "open", streamId: 3 })).toMatch(/cannot be opened/);
		for (const type of ["data", "end", "credit", "reset"] as const) {
			const frame = { type, streamId: 4, payload: Buffer.of(1), bytes: 1, reason: "cut" } as never;
			expect(withStream().receive(frame)).toMatch(/never opened/);
		}
		expect(withStream().receive({ type: "credit", streamId: 2, bytes: 1 })).toMatch(/too much credit/);
		const ended = withStream();
		expect(ended.receive({ type: "end", streamId: 2 })).toBeNull();
		expect(ended.receive({ type: "end", streamId: 2 })).toMatch(/ended twice/);
		const flooded = withStream();
		const flood = Array.from({ length: 17 }, () => flooded.receive({ type: "data", streamId: 2, payload: Buffer.alloc(16_384) }));
		expect(flood.findIndex((fault) => fault !== null)).toBe(15);
	});
});
