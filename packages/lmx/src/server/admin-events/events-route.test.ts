import { once } from "node:events";
import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { EventBus } from "../../events/event-bus.ts";
import { EventFeed } from "../../events/event-feed.ts";
import { startRouteServer } from "../../testing/route-server.ts";
import { SseReader } from "../../testing/sse-reader.ts";
import { defaultEventStreamLimits, EventStreams } from "../sse/event-streams.ts";
import { eventsRoute } from "./events-route.ts";

const closers: (() => unknown)[] = [];

afterEach(async () => {
	for (const close of closers.splice(0)) {
		await close();
	}
});

async function start(limits = defaultEventStreamLimits) {
	const bus = new EventBus();
	const feed = new EventFeed(bus, 100, "e");
	const streams = new EventStreams(limits);
	const server = await startRouteServer(eventsRoute({ feed, streams }));
	closers.push(() => {
		streams.close();
		return server.close();
	});
	const url = `${server.url}/admin/events`;
	const open = async (headers: Record<string, string> = {}): Promise<SseReader> => new SseReader(await fetch(url, { headers }));
	const ready = (model: string): void => bus.publish({ type: "model.state", model, state: "ready", reason: null });
	return { bus, streams, url, open, ready };
}

describe("GET /admin/events", () => {
	it("tells how things are, then what happens", async () => {
		const { open, ready } = await start();
		ready("a");
		const reader = await open();
		expect(reader.contentType).toBe("text/event-stream; charset=utf-8");
		expect(await reader.next()).toMatchObject({ id: "e:1", data: { type: "snapshot", events: [{ model: "a", state: "ready" }] } });
		ready("b");
		expect(await reader.next()).toMatchObject({ id: "e:2", data: { type: "model.state", model: "b" } });
		await reader.close();
	});

	it("goes on for a reader who was away, and starts anew for one who was away too long", async () => {
		const { open, ready } = await start();
		for (const model of ["a", "b", "c"]) {
			ready(model);
		}
		const back = await open({ "last-event-id": "e:2" });
		expect(await back.next()).toMatchObject({ id: "e:3", data: { model: "c" } });
		const stranger = await open({ "last-event-id": "before:2" });
		expect(await stranger.next()).toMatchObject({ data: { type: "resync", reason: "restarted" } });
		expect(await stranger.next()).toMatchObject({ data: { type: "snapshot" } });
		await Promise.all([back.close(), stranger.close()]);
	});

	it("lets go of readers who leave", async () => {
		const { open, streams, ready } = await start();
		const reader = await open();
		await reader.next();
		expect(streams.readers).toBe(1);
		await reader.close();
		await expect.poll(() => streams.readers).toBe(0);
		ready("a");
	});

	it("drops a reader who does not read, and nobody else", async () => {
		const { url, open, streams, ready } = await start({ ...defaultEventStreamLimits, bufferedBytes: 64 * 1024 });
		const slow = request(url).end();
		const [response] = await once(slow, "response");
		response.pause();
		const gone = new Promise<Error>((resolve) => response.once("error", resolve));
		const quick = await open();
		await quick.next();
		for (let sent = 0; streams.readers === 2; sent++) {
			ready(`${sent}`.padEnd(20_000, "x"));
			await quick.next();
		}
		ready("last");
		expect(await quick.next()).toMatchObject({ data: { model: "last" } });
		response.resume();
		expect((await gone).message).toBe("aborted");
		await quick.close();
	});

	it("refuses more readers than it can serve", async () => {
		const { open, url } = await start({ ...defaultEventStreamLimits, streams: 1 });
		const reader = await open();
		const refused = await fetch(url);
		expect(refused.status).toBe(503);
		expect(await refused.json()).toMatchObject({ error: { code: "unavailable" } });
		await reader.close();
	});

	it("keeps a quiet connection alive", async () => {
		const { url } = await start({ ...defaultEventStreamLimits, heartbeatMs: 5 });
		const response = await fetch(url);
		let text = "";
		for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
			text += piece;
			if (text.includes(": alive\n\n: alive\n\n")) {
				break;
			}
		}
		expect(text).toContain(": alive");
	});
});
