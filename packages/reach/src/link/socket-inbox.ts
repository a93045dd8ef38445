import type { WebSocket } from "ws";
import type { LinkEnd } from "./link.ts";
import { mostEarlyBytes } from "./link-limits.ts";

/** The messages of a socket: taken one by one at first, then as they come. */
export interface SocketInbox {
	/** The next message; null when the socket is over and all that came before is taken. */
	readonly next: () => Promise<Buffer | null>;
	/** From now on every message goes to `receive`, those that wait already at once, and its end to `onOver`. */
	readonly flow: (receive: (message: Buffer) => void, onOver: (end: LinkEnd) => void) => void;
	/** Why it is over, null while it is not. */
	readonly over: () => LinkEnd | null;
	/** Ends it from this side. */
	readonly give: (end: LinkEnd) => void;
}

/** Takes over all events of a socket; must be called before its first message can come. */
export function createSocketInbox(socket: WebSocket): SocketInbox {
	const waiting: Buffer[] = [];
	let waitingBytes = 0;
	let over: LinkEnd | null = null;
	let wake: (() => void) | null = null;
	let sink: { readonly receive: (message: Buffer) => void; readonly onOver: (end: LinkEnd) => void } | null = null;

	function give(end: LinkEnd): void {
		if (over === null) {
			over = end;
			wake?.();
			sink?.onOver(end);
		}
	}

	socket.on("message", (data, isBinary) => {
		if (!isBinary || !Buffer.isBuffer(data)) {
			give({ cause: "broken", message: "A message of a kind came that links do not have." });
		} else if (over === null && sink !== null) {
			sink.receive(data);
		} else if (over === null) {
			waiting.push(data);
			waitingBytes += data.length;
			if (waitingBytes > mostEarlyBytes) {
				give({ cause: "broken", message: "The other end talked out of turn." });
			}
			wake?.();
		}
	});
	socket.on("error", (error: Error & { readonly code?: string }) => {
		const isProtocol = error.code?.startsWith("WS_ERR_") ?? false;
		give({ cause: isProtocol ? "broken" : "lost", message: error.message });
	});
	socket.on("close", (code, reason) => {
		give({ cause: "lost", message: reason.length > 0 ? reason.toString() : `The connection closed (${code}).` });
	});

	return {
		async next() {
			if (waiting.length === 0 && over === null) {
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
				wake = null;
			}
			const message = waiting.shift();
			waitingBytes -= message?.length ?? 0;
			return message ?? null;
		},
		flow(receive, onOver) {
			sink = { receive, onOver };
			for (const message of waiting.splice(0)) {
				receive(message);
			}
			if (over !== null) {
				onOver(over);
			}
		},
		over: () => over,
		give,
	};
}
