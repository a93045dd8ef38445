import type { SocketServerFrame } from "@opta/contracts/schema/daemon-events";
import type { DaemonClientOptions } from "./daemon-client.ts";
import { reconnectDelayMs, waitUnlessAborted } from "./reconnect-delay.ts";
import { readSocket } from "./socket-frames.ts";

/** A frame that asks to read the list of sessions again. */
export type SessionsChanged = Extract<SocketServerFrame, { type: "sessions.changed" }>;

/** Follows changes of the list of sessions until the signal. After a reconnection it says so once, with an empty id, since changes may have been missed. */
export async function followSessions(
	options: DaemonClientOptions,
	onChange: (frame: SessionsChanged) => void,
	signal: AbortSignal,
): Promise<void> {
	let failures = 0;
	let isReconnection = false;
	while (!signal.aborted && options.transport !== "events") {
		await readSocket(
			options,
			{
				first: [],
				onFrame: (frame) => {
					if (frame.type === "hello") {
						failures = 0;
						if (isReconnection) {
							onChange({ type: "sessions.changed", sessionId: "" });
						}
						isReconnection = true;
					} else if (frame.type === "sessions.changed") {
						onChange(frame);
					}
					return "go on";
				},
			},
			signal,
		);
		await waitUnlessAborted(reconnectDelayMs(failures++), signal);
	}
}
