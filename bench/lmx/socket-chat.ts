import { once } from "node:events";
import { type StreamServerFrame, streamServerFrameSchema } from "@opta/contracts/schema/lmx-stream";
import type { ChatBody } from "./stream-chat.ts";

/** A chat on a socket of its own. */
export interface SocketChat {
	/** Settles at the first text. @throws when the chat fails before. */
	readonly text: Promise<void>;
	/** Asks the server to end the chat. */
	cancel(): void;
	close(): void;
}

/** Opens a socket to `WS /v1/chat/stream` and begins a chat on it. @throws when there is no such route. */
export async function openSocketChat(url: string, question: ChatBody): Promise<SocketChat> {
	const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/chat/stream`);
	const text = Promise.withResolvers<void>();
	socket.addEventListener("message", ({ data }) => {
		const frame: StreamServerFrame = streamServerFrameSchema.parse(JSON.parse(String(data)));
		if (frame.type === "delta" && frame.delta.content) {
			text.resolve();
		} else if (frame.type === "error") {
			text.reject(new Error(frame.error.message));
		}
	});
	text.promise.catch(() => undefined);
	await Promise.race([
		once(socket, "open"),
		once(socket, "error").then(() => Promise.reject(new Error(`${url} has no WebSocket at /v1/chat/stream.`))),
	]);
	const id = "chat";
	socket.send(JSON.stringify({ type: "create", id, ...question }));
	return {
		text: text.promise,
		cancel: () => socket.send(JSON.stringify({ type: "cancel", id })),
		close: () => socket.close(),
	};
}
