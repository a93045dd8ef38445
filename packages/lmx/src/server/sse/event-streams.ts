import type { FastifyReply } from "fastify";
import { sendError } from "../send-error.ts";

/** Bounds of the endless streams of a server. */
export interface EventStreamLimits {
	/** Readers at the same time, of all routes. */
	readonly streams: number;
	/** A reader that leaves this much unread is dropped; it can come back and go on where it was. */
	readonly bufferedBytes: number;
	/** A comment is sent this often, so that nobody on the way takes the connection for dead. */
	readonly heartbeatMs: number;
}

/** The bounds of a running server. */
export const defaultEventStreamLimits: EventStreamLimits = { streams: 256, bufferedBytes: 1024 * 1024, heartbeatMs: 15_000 };

/** One reader's stream of server-sent events (WHATWG HTML, 9.2). */
export interface EventStream {
	/** Sends a message; its id comes back as `Last-Event-ID` when the reader reconnects. */
	send(id: string, data: unknown): void;
}

/** How long a browser waits before it connects again. */
const reconnectMs = 2000;

/** The endless streams of a server: each reader is bounded and dropped alone, and all of them end with the server. */
export class EventStreams {
	readonly #limits: EventStreamLimits;
	readonly #open = new Set<FastifyReply["raw"]>();
	readonly #heartbeat: NodeJS.Timeout;

	constructor(limits: EventStreamLimits = defaultEventStreamLimits) {
		this.#limits = limits;
		this.#heartbeat = setInterval(() => {
			for (const response of this.#open) {
				this.#write(response, ": alive\n\n");
			}
		}, limits.heartbeatMs).unref();
	}

	/** Readers that are connected. */
	get readers(): number {
		return this.#open.size;
	}

	/** Makes a stream of a reply and calls `onClose` once when it has ended; null, with an answer sent, when there are too many. */
	start(reply: FastifyReply, onClose: () => void): EventStream | null {
		if (this.#open.size >= this.#limits.streams) {
			const message = `${this.#open.size} programs already follow this server, which is as many as it serves. Close one of them, or ask again later.`;
			sendError(reply, { code: "unavailable", message });
			return null;
		}
		const response = reply.raw;
		reply.hijack();
		response.writeHead(200, {
			...(reply.getHeaders() as Record<string, string>),
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-cache, no-transform",
			"x-accel-buffering": "no",
		});
		response.write(`retry: ${reconnectMs}\n\n`);
		this.#open.add(response);
		response.once("close", () => {
			this.#open.delete(response);
			onClose();
		});
		return { send: (id, data) => this.#write(response, `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`) };
	}

	/** Ends all streams; readers may come back to the next start of the server. */
	close(): void {
		clearInterval(this.#heartbeat);
		for (const response of this.#open) {
			response.end();
		}
	}

	#write(response: FastifyReply["raw"], text: string): void {
		if (response.destroyed || response.writableEnded) {
			return;
		}
		if (response.writableLength + text.length > this.#limits.bufferedBytes) {
			response.destroy();
			return;
		}
		response.write(text);
	}
}
