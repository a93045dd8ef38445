/** What one request, one socket and everybody together may take. */
export interface DoorLimits {
	readonly maxBodyBytes: number;
	/** Requests that run at the same time at one target; further ones wait. */
	readonly maxConnections: number;
	/** Requests under way, waiting ones included, and those of one person; further ones are refused. */
	readonly maxRequests: number;
	readonly maxRequestsPerPerson: number;
	/** WebSockets under way, and those of one person; further ones are refused. */
	readonly maxSockets: number;
	readonly maxSocketsPerPerson: number;
	/** Requests and WebSockets under way to one device; further ones are refused. */
	readonly maxStreamsPerPeer: number;
	/** To connect to the target, which is on this machine. */
	readonly connectTimeoutMs: number;
	/** Until the target's answer begins. An answer that is not streamed begins when the model is done. */
	readonly answerTimeoutMs: number;
	/** Until the target has answered to the opening of a WebSocket. */
	readonly upgradeTimeoutMs: number;
	/** Longest silence inside an answer, and on a WebSocket in both directions together. */
	readonly streamIdleTimeoutMs: number;
	/** A reader that took nothing for so long is cut, at the latest after twice that time. */
	readonly readerStallMs: number;
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
	maxRequests: 512,
	maxRequestsPerPerson: 256,
	maxSockets: 256,
	maxSocketsPerPerson: 64,
	maxStreamsPerPeer: 64,
	connectTimeoutMs: 2000,
	answerTimeoutMs: 600_000,
	upgradeTimeoutMs: 10_000,
	streamIdleTimeoutMs: 120_000,
	readerStallMs: 60_000,
	requestHeadTimeoutMs: 10_000,
	requestTimeoutMs: 120_000,
	keepAliveTimeoutMs: 95_000,
};
