import type { SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { expect, it } from "vitest";
import { createDaemonClient } from "./create-daemon-client.ts";

/** A stream of events that ends after them. */
function stream(...events: object[]): Response {
	return new Response(events.map((event) => `data: ${JSON.stringify({ v: 1, sessionId: "s", ...event })}\n\n`).join(""));
}

function durable(id: string): object {
	return { id, seq: Number(id.split(":")[1]), type: "session.updated", data: {} };
}

/** Follows the session "s" of a daemon that gives these answers, one for each read of the session and of its stream. */
async function follow(snapshots: string[], streams: (() => Response)[]): Promise<{ told: string[]; cursors: (string | null)[] }> {
	const told: string[] = [];
	const cursors: (string | null)[] = [];
	const leave = new AbortController();
	const client = createDaemonClient({
		// Nothing listens there: the WebSocket fails and the events are asked for through `fetch`.
		baseUrl: "http://127.0.0.1:1",
		token: () => "t",
		clientId: "c",
		clientName: "test",
		fetch: async (url, init) => {
			if (!String(url).endsWith("/stream")) {
				return Response.json({ lastEventId: snapshots.shift() });
			}
			cursors.push(new Headers(init?.headers).get("last-event-id"));
			const next = streams.shift();
			if (next === undefined) {
				leave.abort();
			}
			return next?.() ?? stream();
		},
	});
	await client.followSession(
		"s",
		{
			onSnapshot: ({ lastEventId }: SessionSnapshot) => void told.push(`snapshot ${lastEventId}`),
			onEvent: (event) => void told.push("id" in event ? event.id : event.type),
		},
		leave.signal,
	);
	return { told, cursors };
}

it("takes a new snapshot where the stream cannot go on, and follows after that", async () => {
	const { told, cursors } = await follow(
		["a:2", "b:5"],
		[() => stream({ type: "resync.required", data: { reason: "epoch_reset" } }), () => stream(durable("b:6"), durable("b:7"))],
	);
	expect(told).toEqual(["snapshot a:2", "snapshot b:5", "b:6", "b:7"]);
	expect(cursors).toEqual(["a:2", "b:5", "b:7"]);
});

it("drops what it has heard, and takes a gap for a reason to start over", async () => {
	const { told, cursors } = await follow(
		["a:2", "a:5"],
		[
			() => stream(durable("a:2"), durable("a:3"), { type: "turn.token", data: {} }, durable("a:3")),
			() => stream(durable("a:5")),
			() => stream(durable("a:6")),
		],
	);
	expect(told).toEqual(["snapshot a:2", "a:3", "turn.token", "snapshot a:5", "a:6"]);
	expect(cursors).toEqual(["a:2", "a:3", "a:5", "a:6"]);
});

it("comes back with its cursor after it was cut off for being slow", async () => {
	const { told, cursors } = await follow(
		["a:1"],
		[() => stream(durable("a:2"), { type: "stream.evicted", data: { queued: 9 } }, durable("a:9")), () => stream(durable("a:3"))],
	);
	expect(told).toEqual(["snapshot a:1", "a:2", "stream.evicted", "a:3"]);
	expect(cursors).toEqual(["a:1", "a:2", "a:3"]);
});
