/** What one request may take. */
export interface DoorLimits {
	readonly maxBodyBytes: number;
	/** Requests that run at the same time; further ones wait. */
	readonly maxConnections: number;
	/** To connect to the target, which is on this machine. */
	readonly connectTimeoutMs: number;
	/** Until the target's answer begins. An answer that is not streamed begins when the model is done. */
	readonly answerTimeoutMs: number;
	/** Longest silence inside an answer. */
	readonly streamIdleTimeoutMs: number;
	/** For the head of a request to arrive. */
	readonly requestHeadTimeoutMs: number;
	/** For a whole request, body included, to arrive. */
	readonly requestTimeoutMs: number;
	/** Idle connections of clients; longer than cloudflared keeps its own (90 s), so that it is the one to close them. */
	readonly keepAliveTimeoutMs: number;
}

/** The limits of a door that nobody configured otherwise. */
export const defaultDoorLimits: DoorLimits = {
	maxBodyBytes: 16 * 1024 * 1024,
	maxConnections: 256,
	connectTimeoutMs: 2000,
	answerTimeoutMs: 600_000,
	streamIdleTimeoutMs: 120_000,
	requestHeadTimeoutMs: 10_000,
	requestTimeoutMs: 120_000,
	keepAliveTimeoutMs: 95_000,
};
