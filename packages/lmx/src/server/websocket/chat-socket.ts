import { type StreamServerFrame, streamCloseCodes } from "@opta/contracts/schema/lmx-stream";
import type { Call, ModelProvider } from "../../serving/backend.ts";
import { StreamSession } from "./stream-session.ts";

/** Bounds of the sockets of a server. */
export interface ChatSocketLimits {
	/** Sockets at the same time. */
	readonly sockets: number;
	/** Chats that may be open on one socket. */
	readonly requests: number;
	/** A client that leaves this much unread is closed. */
	readonly bufferedBytes: number;
	/** A ping is sent this often; a client that answered none since the last one is hung up on. */
	readonly heartbeatMs: number;
}

/** The part of a `ws` WebSocket that is used here. */
export interface RawSocket {
	readonly bufferedAmount: number;
	send(text: string): void;
	close(code: number, reason: string): void;
	terminate(): void;
	ping(): void;
	on(event: "message", listener: (data: { toString(): string }, isBinary: boolean) => void): unknown;
	on(event: "close" | "pong", listener: () => void): unknown;
}

/** Who uses the socket, and what it may use. */
export interface ChatSocketParts {
	readonly models: ModelProvider;
	readonly call: Call;
	readonly limits: ChatSocketLimits;
	onClose(): void;
}

/** Joins a socket to a session of its own: heartbeat, bounds, and the end of both together. */
export function serveChatSocket(socket: RawSocket, { models, call, limits, onClose }: ChatSocketParts): void {
	let isAlive = true;
	const end = (code: number, reason: string): void => {
		session.close();
		socket.close(code, reason);
	};
	const send = (frame: StreamServerFrame): void => {
		if (socket.bufferedAmount > limits.bufferedBytes) {
			end(streamCloseCodes.slowReader, "The client reads more slowly than it asks.");
			return;
		}
		socket.send(JSON.stringify(frame));
	};
	const session = new StreamSession({ models, call, send, requestLimit: limits.requests });
	const heartbeat = setInterval(() => {
		if (!isAlive) {
			socket.terminate();
			return;
		}
		isAlive = false;
		socket.ping();
	}, limits.heartbeatMs);
	socket.on("pong", () => {
		isAlive = true;
	});
	socket.on("message", (data, isBinary) => {
		isAlive = true;
		if (isBinary) {
			end(streamCloseCodes.notText, "Frames are JSON in text messages.");
			return;
		}
		session.receive(data.toString());
	});
	socket.on("close", () => {
		clearInterval(heartbeat);
		session.close();
		onClose();
	});
}
