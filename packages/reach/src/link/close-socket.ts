import type { WebSocket } from "ws";

/** Close code for a device that the host does not take (RFC 6455 §7.4.1, policy). */
export const refusedCode = 1008;

/** An end that does not close its side of the socket by then is cut off. */
const closeTimeoutMs = 2000;

/** Closes a WebSocket in order, or cuts it when the other end does not answer. */
export function closeSocket(socket: WebSocket, code: number, reason = ""): void {
	const limit = setTimeout(() => socket.terminate(), closeTimeoutMs);
	socket.once("close", () => clearTimeout(limit));
	socket.close(code, reason);
}
