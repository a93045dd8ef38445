import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** A comment is sent this often while nothing is said, so that nobody on the way takes the connection for dead. */
const pingMs = 10_000;

/** The server-sent events of one answer. */
export interface AnswerStream {
	/** Sends text that is already in the form of events. */
	write(events: string): void;
	/** Sends the last events and ends the response. */
	end(events: string): void;
	/** Null while the reader keeps up, else settles when it has read what was sent, or has left. */
	drained(): Promise<void> | null;
}

/** Calls back when the connection closes before the answer is complete. */
export function onDisconnect(response: ServerResponse, callBack: () => void): void {
	response.once("close", () => {
		if (!response.writableFinished) {
			callBack();
		}
	});
}

/**
 * Sends the status and headers of a stream of events (WHATWG HTML, 9.2). To be called when the model has
 * accepted the request: until then a refusal can have a status of its own.
 */
export function openAnswerStream(reply: FastifyReply): AnswerStream {
	const response = reply.raw;
	reply.hijack();
	response.writeHead(200, {
		...(reply.getHeaders() as Record<string, string>),
		"content-type": "text/event-stream; charset=utf-8",
		"cache-control": "no-cache, no-transform",
		"x-accel-buffering": "no",
	});
	const ping = setInterval(() => response.write(": waiting\n\n"), pingMs);
	response.once("close", () => clearInterval(ping));
	return {
		write(events) {
			response.write(events);
			ping.refresh();
		},
		end(events) {
			clearInterval(ping);
			response.end(events);
		},
		drained() {
			if (!response.writableNeedDrain || response.destroyed) {
				return null;
			}
			return new Promise((resolve) => {
				const done = (): void => {
					response.off("drain", done);
					response.off("close", done);
					resolve();
				};
				response.on("drain", done);
				response.on("close", done);
			});
		},
	};
}
