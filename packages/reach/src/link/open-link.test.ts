import { createSecretKey, randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import { encodeFrame } from "./frame.ts";
import { createOpener, createSealer } from "./frame-cipher.ts";
import type { Link } from "./link.ts";
import { mostPayloadBytes, mostQueuedBytes, mostUnreadBytes } from "./link-limits.ts";
import { openLink } from "./open-link.ts";
import { createSocketInbox } from "./socket-inbox.ts";

/** A socket that takes everything and brings nothing to the other end. */
class ClosedPipe extends EventEmitter {
	bufferedAmount = 0;
	isTerminated = false;
	send(message: Buffer): void {
		this.bufferedAmount += message.length;
	}
	close(): void {
		this.emit("close", 1000, Buffer.alloc(0));
	}
	terminate(): void {
		this.isTerminated = true;
		this.emit("close", 1006, Buffer.alloc(0));
	}
}

/** A link on it, and what the other end says. */
function openOnClosedPipe(heartbeatMs = 25_000): { link: Link; socket: ClosedPipe; hear: (frame: Buffer) => void } {
	const socket = new ClosedPipe();
	const [own, others] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];
	const seal = createSealer(others);
	const link = openLink({
		socket: socket as unknown as WebSocket,
		inbox: createSocketInbox(socket as unknown as WebSocket),
		seal: createSealer(own),
		open: createOpener(others),
		side: "host",
		onStream: null,
		heartbeatMs,
	});
	return { link, socket, hear: (frame) => socket.emit("message", seal(frame), true) };
}

describe("a link whose other end does not read", () => {
	it("keeps what is written in its streams, and next to nothing in the socket", () => {
		const { link, socket } = openOnClosedPipe();
		const streams: Duplex[] = Array.from({ length: 20 }, () => link.openStream());
		for (const stream of streams) {
			stream.write(Buffer.alloc(1_000_000));
		}
		expect(socket.bufferedAmount).toBeLessThan(mostQueuedBytes + 2 * mostPayloadBytes);
		link.close({ cause: "closed", message: "Done." });
	});

	it("is given up when that end goes on asking", async () => {
		const { link, socket, hear } = openOnClosedPipe();
		const ping = encodeFrame({ type: "ping" });
		socket.bufferedAmount = mostUnreadBytes - 1000;
		for (let count = 0; count < 100; count++) {
			hear(ping);
		}
		expect(await link.ended).toMatchObject({ cause: "lost", message: /does not read/ });
		expect(socket.isTerminated).toBe(true);
	});
});

it("asks for a sign of life twice, and gives up at the third time", async () => {
	vi.useFakeTimers();
	const { link, hear } = openOnClosedPipe(25_000);
	const ended = vi.fn();
	void link.ended.then(ended);
	await vi.advanceTimersByTimeAsync(70_000);
	hear(encodeFrame({ type: "pong" }));
	await vi.advanceTimersByTimeAsync(50_000);
	expect(ended).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(25_000);
	expect(ended).toHaveBeenCalledWith({ cause: "lost", message: "Nothing was heard for more than 50 s." });
	vi.useRealTimers();
});
