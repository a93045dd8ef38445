import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Link } from "@opta/reach/link/link";
import { Pool } from "undici";
import type { DoorLimits } from "../door/door-limits.ts";
import type { Target } from "../forward/target.ts";

/** What takes a connection once it can be used. */
type Connected = (...result: [error: Error, socket: null] | [error: null, socket: Socket]) => void;

/** Hands a stream on in a later turn, as a connection over a network would come: until then it may have failed. */
function connectOver(stream: Duplex, connected: Connected): void {
	let failure: Error | null = null;
	const noteFailure = (error: Error): void => {
		failure = error;
	};
	stream.on("error", noteFailure);
	setImmediate(() => {
		failure ??= stream.destroyed ? new Error("The link is over.") : null;
		if (failure !== null) {
			connected(failure, null);
			return;
		}
		stream.off("error", noteFailure);
		// undici uses of a socket what every duplex stream has.
		connected(null, stream as Socket);
	});
}

/** The target of a device: each request has a stream of the link for itself, so that none waits for another's reader. */
export function createPeerTarget(link: Link, limits: DoorLimits): Target {
	let pool: Pool | null = null;
	link.ended.then(() => pool?.destroy());
	return {
		title: "The daemon of this device",
		authority: "127.0.0.1",
		get dispatcher() {
			pool ??= new Pool("http://127.0.0.1", {
				connections: limits.maxConnections,
				pipelining: 0,
				headersTimeout: limits.answerTimeoutMs,
				bodyTimeout: limits.streamIdleTimeoutMs,
				connect: (_options, connected) => connectOver(link.openStream(), connected),
			});
			return pool;
		},
		openConnection: () => link.openStream(),
		unreachable: {
			code: "peer_offline",
			message: "The connection to this device was lost. It joins again by itself as soon as it can; try again in a few seconds.",
		},
	};
}
