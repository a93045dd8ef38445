import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { WebSocket } from "ws";
import type { Caller } from "../../sessions/caller.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import { defaultSocketLimits, serveSocket } from "./socket-session.ts";

const caller: Caller = { clientId: "c", clientName: "test", userId: null, deviceId: null, ownsDevice: true };
const sessions = { onChanged: () => () => undefined } as unknown as Sessions;

class QuietSocket extends EventEmitter {
	readonly OPEN = 1;
	readyState = 1;
	bufferedAmount = 0;
	pings = 0;
	send = (): void => undefined;
	ping = (): void => {
		this.pings++;
	};
	terminate = (): void => {
		this.readyState = 3;
		this.emit("close");
	};
}

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

function serve(): { socket: QuietSocket; closed: () => boolean } {
	const socket = new QuietSocket();
	let isClosed = false;
	serveSocket(socket as unknown as WebSocket, {
		sessions,
		caller,
		build: "0.1.0",
		limits: defaultSocketLimits,
		onClose: () => {
			isClosed = true;
		},
	});
	return { socket, closed: () => isClosed };
}

describe("a client's heartbeat", () => {
	it("ends a client that answers no ping", () => {
		const { closed } = serve();
		vi.advanceTimersByTime(2 * defaultSocketLimits.heartbeatMs);
		expect(closed()).toBe(false);
		vi.advanceTimersByTime(defaultSocketLimits.heartbeatMs);
		expect(closed()).toBe(true);
	});

	it("does not take the time that the computer slept for silence: only pings that were sent count", () => {
		const { socket, closed } = serve();
		for (let beat = 0; beat < 5; beat++) {
			vi.setSystemTime(Date.now() + 8 * 3_600_000);
			vi.advanceTimersByTime(defaultSocketLimits.heartbeatMs);
			socket.emit("pong");
		}
		expect([closed(), socket.pings]).toEqual([false, 5]);
	});
});
