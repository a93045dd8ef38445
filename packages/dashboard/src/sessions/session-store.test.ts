import type { StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import type { DaemonClient, SessionFollower } from "@opta/host-client/daemon/daemon-client";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSessionStore } from "./session-store.ts";

const at = "2026-11-23T08:00:00Z";
const envelope = { v: 1, sessionId: "s", at } as const;

/** A log of turns of one question, tokens and the answer that they became. */
function logOf(turns: number): StreamEvent[] {
	let seq = 0;
	const durable = (type: string, data: object) => {
		seq += 1;
		return { ...envelope, id: `e:${seq}`, seq, type, data } as StreamEvent;
	};
	return Array.from({ length: turns }, (_, turn): StreamEvent[] => {
		const turnId = `t${turn}`;
		const message = (role: string, content: string) => ({ turnId, message: { id: `${turnId}:${role}`, role, at, turnId, content } });
		const token = (offset: number, text: string) =>
			({
				...envelope,
				type: "turn.token",
				data: { turnId, messageId: `${turnId}:assistant`, channel: "text", offset, text },
			}) as StreamEvent;
		return [
			durable("turn.queued", {
				turnId,
				turn: { turnId, state: "queued", content: "hi", clientId: null, queuedAt: at, position: 0 },
				mode: "queue",
			}),
			durable("turn.started", { turnId, model: "m", provider: "lmx" }),
			durable("turn.message", message("user", "hi")),
			token(0, "One "),
			token(4, "two"),
			durable("turn.message", message("assistant", "One two")),
			durable("turn.done", { turnId, reason: "stop", usage: { promptTokens: 1, cachedTokens: 0, completionTokens: 2 }, durationMs: 5 }),
		];
	}).flat();
}

const isDurable = (event: StreamEvent) => "seq" in event;

/** The snapshot after the first `seq` durable events of a log. */
function snapshotOf(log: readonly StreamEvent[], seq: number): SessionSnapshot {
	const past = log.filter(isDurable).slice(0, seq);
	const queued = past.flatMap((event) => (event.type === "turn.queued" ? [event.data.turn] : []));
	const over = new Set(past.flatMap((event) => (event.type === "turn.done" ? [event.data.turnId] : [])));
	const started = new Set(past.flatMap((event) => (event.type === "turn.started" ? [event.data.turnId] : [])));
	return {
		id: "s",
		title: "",
		metadata: { lastSeq: seq },
		messages: past.flatMap((event) => (event.type === "turn.message" ? [event.data.message] : [])),
		permissions: [],
		todos: [],
		turns: queued
			.filter(({ turnId }) => !over.has(turnId))
			.map((turn) => ({ ...turn, state: started.has(turn.turnId) ? "running" : "queued" })),
		compaction: null,
		lastEventId: `e:${seq}`,
	} as unknown as SessionSnapshot;
}

function setUp(log: readonly StreamEvent[]) {
	const source: { follower?: SessionFollower; signal?: AbortSignal } = {};
	const client = {
		listEvents: async () => ({ ok: true, value: { events: log.filter(isDurable), more: false } }),
		followSession: (_: string, follower: SessionFollower, signal: AbortSignal) => {
			Object.assign(source, { follower, signal });
			return new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
		},
	} as unknown as DaemonClient;
	const late: (() => void)[] = [];
	const store = createSessionStore({ client, sessionId: "s", beforePaint: (paint) => paint(), after: (callback) => late.push(callback) });
	return { store, source, late };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));
const textsOf = (store: ReturnType<typeof setUp>["store"]) =>
	store.getState().view.entries.flatMap((entry) => (entry.kind === "message" ? [entry.message.content] : [entry.kind]));

describe("a followed session", () => {
	it("is that of its log, wherever snapshots came in and whatever was told twice", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 3 }),
				fc.array(fc.record({ from: fc.nat(), until: fc.nat() }), { maxLength: 4 }),
				async (turns, resyncs) => {
					const log = logOf(turns);
					const durable = log.filter(isDurable);
					const { store, source } = setUp(log);
					const leave = store.subscribe(() => undefined);
					for (const { from, until } of resyncs) {
						const seq = from % (durable.length + 1);
						source.follower?.onSnapshot(snapshotOf(log, seq));
						await settle();
						log.slice(0, until % log.length).forEach((event) => void source.follower?.onEvent(event));
					}
					source.follower?.onSnapshot(snapshotOf(log, 0));
					await settle();
					log.forEach((event) => void source.follower?.onEvent(event));
					expect(textsOf(store)).toEqual(Array.from({ length: turns }, () => ["hi", "One two", "done"]).flat());
					expect(store.getState().view).toMatchObject({ turns: [], live: null, lastSeq: durable.length });
					leave();
				},
			),
		);
	});

	it("shows what is durable at every paint, and tokens at the first and then ten times a second", async () => {
		const log = logOf(1);
		const { store, source, late } = setUp(log);
		const texts: (string | undefined)[] = [];
		store.subscribe(() => void texts.push(store.getState().view.live?.text.text));
		source.follower?.onSnapshot(snapshotOf(log, 0));
		await settle();
		texts.length = 0;
		log.slice(0, 3).forEach((event) => void source.follower?.onEvent(event));
		expect(texts).toEqual([undefined, undefined, undefined]);
		log.slice(3, 5).forEach((event) => void source.follower?.onEvent(event));
		expect(texts.slice(3)).toEqual(["One "]);
		late.shift()?.();
		expect(texts.slice(3)).toEqual(["One ", "One two"]);
		late.shift()?.();
		expect([texts.length, late]).toEqual([5, []]);
	});

	it("stops following when nobody looks any more", () => {
		const { store, source } = setUp([]);
		const leave = [store.subscribe(() => undefined), store.subscribe(() => undefined)];
		leave[0]?.();
		expect(source.signal?.aborted).toBe(false);
		leave[1]?.();
		expect(source.signal?.aborted).toBe(true);
	});

	it("follows anew, and shows what it had until then, when it is to be brought up to date", async () => {
		const log = logOf(1);
		const { store, source } = setUp(log);
		store.subscribe(() => undefined);
		source.follower?.onSnapshot(snapshotOf(log, 4));
		await settle();
		const first = source.signal;
		const before = textsOf(store);
		store.refresh();
		expect([first?.aborted, source.signal?.aborted, textsOf(store)]).toEqual([true, false, before]);
		source.follower?.onSnapshot(snapshotOf(log, 5));
		await settle();
		expect(textsOf(store)).toEqual(["hi", "One two", "done"]);
	});

	it("says when the session is not there for this reader", async () => {
		const client = { followSession: async () => undefined } as unknown as DaemonClient;
		const store = createSessionStore({ client, sessionId: "s", beforePaint: (paint) => paint(), after: (callback) => callback() });
		store.subscribe(() => undefined);
		await settle();
		expect(store.getState().connection).toBe("ended");
	});
});
