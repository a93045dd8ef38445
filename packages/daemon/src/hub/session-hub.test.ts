import type { SessionEvent, StreamEvent } from "@opta/contracts/schema/daemon-events";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import type { HubLimits } from "./session-hub.ts";
import { SessionHub } from "./session-hub.ts";
import type { StreamSink } from "./stream-sink.ts";

const at = "2026-11-23T06:00:00.000Z";

function eventOf(seq: number, text = ""): SessionEvent {
	const message = { id: `m${seq}`, role: "user" as const, at, content: text };
	return { v: 1, sessionId: "s", at, id: `e:${seq}`, seq, type: "turn.message", data: { turnId: "t", message } };
}

function newHub(stored: number, limits: Partial<HubLimits> = {}) {
	const disk = Array.from({ length: stored }, (_, index) => eventOf(index + 1));
	const hub = new SessionHub({
		sessionId: "s",
		epoch: "e",
		lastSeq: stored,
		readEvents: async function* (after) {
			const end = disk.length;
			for (const event of disk.slice(after, end)) {
				await Promise.resolve();
				yield event;
			}
		},
		now: () => new Date(at),
		onProblem: (error) => expect.fail(String(error)),
		limits,
	});
	const publish = (text?: string) => {
		const event = eventOf(disk.length + 1, text);
		disk.push(event);
		hub.publish([event]);
	};
	return { hub, publish, disk };
}

/** A reader that keeps what it is sent; `hold` makes it slow. */
function newReader(hold?: () => Promise<void> | undefined) {
	const heard: StreamEvent[] = [];
	let ended = false;
	const sink: StreamSink = {
		send: (event, json) => {
			expect(JSON.parse(json)).toEqual(event);
			heard.push(event);
			return hold?.();
		},
		end: () => {
			ended = true;
		},
	};
	const seqs = () => heard.flatMap((event) => ("seq" in event ? [event.seq] : []));
	return { sink, heard, seqs, types: () => heard.map(({ type }) => type), ended: () => ended };
}

function from(first: number, last: number): number[] {
	return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

it("replays from disk and memory, then goes on live, without gap or repeat, whenever events come", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.nat(60),
			fc.nat(60),
			fc.array(fc.nat(4), { maxLength: 40 }),
			fc.integer({ min: 1, max: 40 }),
			async (stored, cursor, pauses, ringEvents) => {
				const { hub, publish, disk } = newHub(stored, { ringEvents });
				const after = Math.min(cursor, stored);
				const reader = newReader(() => (pauses.length % 2 === 0 ? undefined : Promise.resolve()));
				hub.subscribe(after === 0 ? "0" : `e:${after}`, reader.sink);
				for (const pause of pauses) {
					for (let round = 0; round < pause; round += 1) {
						await Promise.resolve();
					}
					publish();
				}
				await vi.waitFor(() => expect(reader.seqs().at(-1) ?? after).toBe(disk.length), { interval: 1 });
				expect(reader.seqs()).toEqual(from(after + 1, disk.length));
				await vi.waitFor(() => expect(reader.types().filter((type) => type === "replay.complete")).toHaveLength(1), { interval: 1 });
			},
		),
		{ numRuns: 40 },
	);
});

it("sends nothing old to those who give no cursor", async () => {
	const { hub, publish } = newHub(5);
	const reader = newReader();
	hub.subscribe(undefined, reader.sink);
	await vi.waitFor(() => expect(reader.heard).toHaveLength(1));
	expect(reader.heard[0]).toMatchObject({ type: "replay.complete", data: { lastEventId: "e:5" } });
	publish();
	await vi.waitFor(() => expect(reader.seqs()).toEqual([6]));
});

it.each([
	["other:3", "epoch_reset"],
	["e:6", "unknown_cursor"],
	["nonsense", "unknown_cursor"],
	["e:1", "ring_evicted"],
])("says that %s cannot be served: %s", async (cursor, reason) => {
	const { hub } = newHub(5, { replayEvents: 3, ringEvents: 2 });
	const reader = newReader();
	expect(hub.subscribe(cursor, reader.sink).ok).toBe(true);
	await vi.waitFor(() => expect(reader.ended()).toBe(true));
	expect(reader.heard).toMatchObject([{ type: "resync.required", data: { reason } }]);
	expect(hub.readers).toBe(0);
});

it("cuts off the slow reader alone", async () => {
	const { hub, publish } = newHub(0, { maxFrames: 10 });
	const fast = newReader();
	let release: () => void = () => undefined;
	const slow = newReader(() => new Promise((resolve) => (release = resolve)));
	hub.subscribe("0", fast.sink);
	hub.subscribe("0", slow.sink);
	await vi.waitFor(() => expect(fast.heard).toHaveLength(1));
	await vi.waitFor(() => expect(slow.heard).toHaveLength(1));
	for (let count = 0; count < 30; count += 1) {
		publish();
		await Promise.resolve();
		await Promise.resolve();
	}
	await vi.waitFor(() => expect(fast.seqs()).toEqual(from(1, 30)));
	expect(slow.ended()).toBe(true);
	expect(slow.heard.at(-1)).toMatchObject({ type: "stream.evicted", data: { queued: 10 } });
	expect(fast.ended()).toBe(false);
	release();
	expect(hub.readers).toBe(1);
});

it("brings pieces of text together and sends them before what follows", async () => {
	const { hub, publish } = newHub(0, { flushMs: 1000 });
	const reader = newReader();
	hub.subscribe("0", reader.sink);
	await vi.waitFor(() => expect(reader.heard).toHaveLength(1));
	const piece = (offset: number) => ({ turnId: "t", messageId: "m1", channel: "text" as const, offset, text: "ab" });
	hub.emit({ type: "turn.token", data: piece(0) });
	hub.emit({ type: "turn.token", data: piece(2) });
	publish("abab");
	await vi.waitFor(() => expect(reader.types()).toEqual(["replay.complete", "turn.token", "turn.message"]));
	expect(reader.heard[1]).toMatchObject({ data: { offset: 0, text: "abab" } });
	expect(reader.heard[1]).not.toHaveProperty("id");
});

it("gives those who join in the middle what was said so far, once", async () => {
	const { hub } = newHub(3, { flushMs: 1 });
	const piece = (offset: number, text: string) => ({ turnId: "t", messageId: "m9", channel: "text" as const, offset, text });
	hub.emit({ type: "turn.token", data: piece(0, "Hello ") });
	const reader = newReader();
	hub.subscribe("e:3", reader.sink);
	await vi.waitFor(() => expect(reader.heard).toHaveLength(2));
	hub.emit({ type: "turn.token", data: piece(6, "world") });
	await vi.waitFor(() => expect(reader.heard).toHaveLength(3));
	expect(reader.heard.slice(1)).toMatchObject([{ data: { offset: 0, text: "Hello " } }, { data: { offset: 6, text: "world" } }]);
});

it("refuses more readers than it has room for, and has room again when one leaves", () => {
	const { hub } = newHub(0, { maxSubscribers: 2 });
	const first = hub.subscribe("0", newReader().sink);
	hub.subscribe("0", newReader().sink);
	const third = hub.subscribe("0", newReader().sink);
	expect(third).toMatchObject({ ok: false, error: { code: "unavailable" } });
	if (first.ok) {
		first.value.stop();
		first.value.stop();
	}
	expect(hub.subscribe("0", newReader().sink).ok).toBe(true);
});

it("survives readers that throw", async () => {
	const { hub, publish } = newHub(0);
	const good = newReader();
	const bad: StreamSink = {
		send: () => {
			throw new Error("gone");
		},
		end: () => {
			throw new Error("gone too");
		},
	};
	hub.subscribe("0", bad);
	hub.subscribe("0", good.sink);
	publish();
	await vi.waitFor(() => expect(good.seqs()).toEqual([1]));
	expect(hub.readers).toBe(1);
	hub.end();
	expect(good.ended()).toBe(true);
});
