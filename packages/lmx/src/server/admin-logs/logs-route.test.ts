import type { Logger } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createLogger } from "../../logs/create-logger.ts";
import { LogBook } from "../../logs/log-book.ts";
import { startRouteServer } from "../../testing/route-server.ts";
import { SseReader } from "../../testing/sse-reader.ts";
import { EventStreams } from "../sse/event-streams.ts";
import { logsRoute } from "./logs-route.ts";

let logger: Logger;
let url: string;
let close: () => Promise<void>;

beforeEach(async () => {
	const book = new LogBook(10, "e");
	logger = createLogger("error", book, { write: () => undefined });
	const streams = new EventStreams();
	const server = await startRouteServer(logsRoute({ book, streams }));
	url = `${server.url}/admin/logs`;
	close = () => {
		streams.close();
		return server.close();
	};
});

afterEach(() => close());

describe("GET /admin/logs", () => {
	it("answers with a page", async () => {
		logger.info({ model: "a" }, "one");
		logger.warn({ model: "a" }, "two");
		logger.warn({ model: "b" }, "three");
		const response = await fetch(`${url}?model=a&level=warn&limit=5`);
		expect(await response.json()).toMatchObject({ entries: [{ id: "e:2", message: "two" }], lastId: "e:3", hasGap: false });
	});

	it("refuses a query that it does not understand, by name", async () => {
		for (const [query, param] of [
			["level=loud", "level"],
			["limit=0", "limit"],
			["since=1", "since"],
		]) {
			const response = await fetch(`${url}?${query}`);
			expect(response.status).toBe(400);
			expect(await response.json()).toMatchObject({ error: { param } });
		}
	});

	it("goes on live, with what matches only", async () => {
		logger.info({ model: "a" }, "before");
		const reader = new SseReader(await fetch(`${url}?model=a`, { headers: { accept: "text/event-stream" } }));
		expect(await reader.next()).toMatchObject({ id: "e:1", data: { type: "log", message: "before" } });
		logger.info({ model: "b" }, "other");
		logger.debug({ model: "a", native: "ggml_backend" }, "engine");
		expect(await reader.next()).toMatchObject({ id: "e:3", data: { type: "log", facts: { native: "ggml_backend" } } });
		await reader.close();
	});

	it("goes on for a reader who was away, and says what is lost", async () => {
		for (let index = 1; index <= 12; index++) {
			logger.info(String(index));
		}
		const open = async (id: string): Promise<SseReader> =>
			new SseReader(await fetch(`${url}?limit=1`, { headers: { accept: "text/event-stream", "last-event-id": id } }));
		const back = await open("e:10");
		expect(await back.next()).toMatchObject({ data: { message: "11" } });
		expect(await back.next()).toMatchObject({ data: { message: "12" } });
		const late = await open("e:1");
		expect(await late.next()).toMatchObject({ data: { type: "gap" } });
		expect(await late.next()).toMatchObject({ data: { message: "3" } });
		await Promise.all([back.close(), late.close()]);
	});
});
