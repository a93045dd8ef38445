import { daemonSocketProtocol, daemonSocketTokenPrefix } from "@opta/contracts/daemon-protocol";
import type { SocketClientFrame, SocketServerFrame, StreamEvent } from "@opta/contracts/schema/daemon-events";
import { parseJson } from "../host-error.ts";
import type { DaemonClientOptions } from "./daemon-client.ts";

/** A frame of the daemon: of its own, or an event of a session. Types that this version does not know come through too. */
export type ServerFrame = SocketServerFrame | StreamEvent;

/** How a connection went: whether it ever opened, and why it ended; null where the caller ended it. */
export interface StreamEnd {
	readonly opened: boolean;
	readonly problem: string | null;
}

/** Events of a connection. `onFrame` answering `stop` ends it. */
export interface SocketHandlers {
	readonly first: readonly SocketClientFrame[];
	readonly onFrame: (frame: ServerFrame) => "go on" | "stop";
}

/** A connection that said nothing for so long gets a ping; without an answer in the same time again it counts as lost. */
const quietMs = 20_000;

function socketUrl({ baseUrl, clientId, clientName }: DaemonClientOptions): string {
	const query = new URLSearchParams({ clientId, clientName });
	return `${baseUrl.replace(/^http/, "ws")}/v3/ws?${query}`;
}

/** Opens the daemon's WebSocket and reads it until it ends, the signal, or `stop`. Never rejects. */
export function readSocket(options: DaemonClientOptions, { first, onFrame }: SocketHandlers, signal: AbortSignal): Promise<StreamEnd> {
	const token = options.token();
	const protocols = [daemonSocketProtocol, ...(token === null ? [] : [`${daemonSocketTokenPrefix}${token}`])];
	return new Promise((resolve) => {
		let socket: WebSocket;
		let opened = false;
		let isQuiet = false;
		let beat: ReturnType<typeof setInterval> | undefined;
		const finish = (problem: string | null): void => {
			clearInterval(beat);
			signal.removeEventListener("abort", stop);
			socket.onmessage = null;
			socket.onclose = null;
			// An error may still follow the close; it has been told.
			socket.onerror = () => undefined;
			socket.close();
			resolve({ opened, problem });
		};
		const stop = (): void => finish(null);
		if (signal.aborted) {
			resolve({ opened, problem: null });
			return;
		}
		try {
			socket = new WebSocket(socketUrl(options), protocols);
		} catch (error) {
			resolve({ opened, problem: error instanceof Error ? error.message : String(error) });
			return;
		}
		signal.addEventListener("abort", stop, { once: true });
		socket.onopen = () => {
			opened = true;
			beat = setInterval(() => {
				if (isQuiet) {
					finish("The daemon has not answered for a while.");
				} else {
					isQuiet = true;
					socket.send(JSON.stringify({ type: "ping" } satisfies SocketClientFrame));
				}
			}, quietMs);
			for (const frame of first) {
				socket.send(JSON.stringify(frame));
			}
		};
		socket.onmessage = ({ data }) => {
			isQuiet = false;
			const frame = parseJson(String(data)) as ServerFrame | undefined;
			if (frame !== undefined && onFrame(frame) === "stop") {
				finish(null);
			}
		};
		socket.onerror = () => undefined;
		socket.onclose = () => finish(opened ? "The connection to the daemon was lost." : "The daemon's WebSocket cannot be reached.");
	});
}
