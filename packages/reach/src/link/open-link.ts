import type { Duplex } from "node:stream";
import { linkFarewellSchema } from "@opta/contracts/schema/link";
import type { WebSocket } from "ws";
import { closeSocket } from "./close-socket.ts";
import { createMux } from "./create-mux.ts";
import { decodeFrame, encodeFrame } from "./frame.ts";
import type { Link, LinkEnd } from "./link.ts";
import { mostMissedHeartbeats, mostQueuedBytes, mostUnreadBytes } from "./link-limits.ts";
import type { SocketInbox } from "./socket-inbox.ts";

/** A socket whose ends have agreed on keys. */
export interface OpenLinkOptions {
	readonly socket: WebSocket;
	readonly inbox: SocketInbox;
	readonly seal: (plain: Buffer) => Buffer;
	readonly open: (sealed: Buffer) => Buffer | null;
	readonly side: "host" | "device";
	readonly onStream: ((stream: Duplex) => void) | null;
	readonly heartbeatMs: number;
}

const mostFarewellChars = 300;

function readFarewell(text: string): LinkEnd {
	try {
		return linkFarewellSchema.parse(JSON.parse(text));
	} catch {
		return { cause: "broken", message: "The other end said goodbye in words that are not known here." };
	}
}

/** Runs the link over the socket until either end closes it or the connection is lost. */
export function openLink({ socket, inbox, seal, open, side, onStream, heartbeatMs }: OpenLinkOptions): Link {
	const ended = Promise.withResolvers<LinkEnd>();
	let over: LinkEnd | null = null;
	let missedHeartbeats = 0;

	function send(message: Buffer): void {
		if (over !== null) {
			return;
		}
		if (socket.bufferedAmount > mostUnreadBytes) {
			finish({ cause: "lost", message: "The other end does not read any more." });
			return;
		}
		socket.send(seal(message), mux.resume);
	}

	const mux = createMux({
		transport: { send, hasRoom: () => over === null && socket.bufferedAmount < mostQueuedBytes },
		side,
		onStream,
	});

	function finish(end: LinkEnd): void {
		if (over !== null) {
			return;
		}
		over = end;
		clearInterval(heartbeat);
		mux.end(Object.assign(new Error(`The link ended: ${end.message}`), { code: "ERR_LINK_ENDED" }));
		if (end.cause === "lost") {
			socket.terminate();
		} else {
			closeSocket(socket, 1000);
		}
		ended.resolve(end);
	}

	function close(end: LinkEnd): void {
		if (end.cause !== "lost") {
			const farewell = { cause: end.cause, message: end.message.slice(0, mostFarewellChars) };
			send(encodeFrame({ type: "farewell", text: JSON.stringify(farewell) }));
		}
		finish(end);
	}

	function receive(message: Buffer): void {
		missedHeartbeats = 0;
		if (over !== null) {
			return;
		}
		const plain = open(message);
		const frame = plain === null ? null : decodeFrame(plain);
		if (frame === null) {
			close({ cause: "broken", message: plain === null ? "A message does not open with the keys of the link." : "A message is no frame." });
		} else if (frame.type === "ping") {
			send(encodeFrame({ type: "pong" }));
		} else if (frame.type === "farewell") {
			finish(readFarewell(frame.text));
		} else if (frame.type !== "pong") {
			const fault = mux.receive(frame);
			if (fault !== null) {
				close({ cause: "broken", message: `The protocol was not kept: ${fault}.` });
			}
		}
	}

	const heartbeat = setInterval(() => {
		missedHeartbeats += 1;
		if (missedHeartbeats > mostMissedHeartbeats) {
			finish({ cause: "lost", message: `Nothing was heard for more than ${Math.floor((mostMissedHeartbeats * heartbeatMs) / 1000)} s.` });
		} else {
			send(encodeFrame({ type: "ping" }));
		}
	}, heartbeatMs);
	inbox.flow(receive, finish);
	return { openStream: mux.openStream, streamCount: mux.streamCount, ended: ended.promise, close };
}
