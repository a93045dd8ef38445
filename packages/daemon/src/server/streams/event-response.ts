import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** How long a browser waits before it connects again. */
const reconnectMs = 2000;
/** A reader that takes nothing of a finished stream for so long is cut off. */
const lingerMs = 10_000;

/** A response of server-sent events (WHATWG HTML, 9.2). */
export interface EventResponse {
	/** Writes one event; the promise holds the next one back until the reader has taken enough. */
	readonly write: (text: string) => Promise<void> | undefined;
	/** True once anything was written. */
	readonly hasBegun: () => boolean;
	readonly end: () => void;
}

/** Turns a reply into a stream; its head goes out with `begin` or the first event. */
export function openEventResponse(reply: FastifyReply, heartbeatMs: number): EventResponse & { readonly begin: () => void } {
	const response: ServerResponse = reply.raw;
	let heartbeat: NodeJS.Timeout | undefined;
	const begin = (): void => {
		if (heartbeat !== undefined) {
			return;
		}
		heartbeat = setInterval(() => {
			// A reader that takes nothing has its heartbeats in the buffer already.
			if (response.writableLength === 0) {
				response.write(": alive\n\n");
			}
		}, heartbeatMs).unref();
		response.once("close", () => clearInterval(heartbeat));
		reply.hijack();
		response.writeHead(200, {
			...(reply.getHeaders() as Record<string, string>),
			"content-type": "text/event-stream; charset=utf-8",
			"cache-control": "no-cache, no-transform",
			"x-accel-buffering": "no",
		});
		response.write(`retry: ${reconnectMs}\n\n`);
	};
	return {
		begin,
		hasBegun: () => heartbeat !== undefined,
		write(text) {
			begin();
			if (response.destroyed || response.writableEnded || response.write(text)) {
				return undefined;
			}
			return new Promise((resolve) => {
				const settle = (): void => {
					response.off("drain", settle);
					response.off("close", settle);
					resolve();
				};
				response.on("drain", settle);
				response.on("close", settle);
			});
		},
		end() {
			if (response.destroyed || response.writableEnded) {
				return;
			}
			response.end();
			const cut = setTimeout(() => response.destroy(), lingerMs).unref();
			response.once("close", () => clearTimeout(cut));
		},
	};
}
