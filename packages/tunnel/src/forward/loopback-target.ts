import { connect } from "node:net";
import { Pool } from "undici";
import type { DoorLimits } from "../door/door-limits.ts";
import type { Target } from "./target.ts";

/** A target with connections of its own. */
export interface LoopbackTarget extends Target {
	readonly close: () => Promise<void>;
}

/** Makes the target of a server on this machine; `title` as in "The daemon of this host". */
export function createLoopbackTarget(title: string, origin: string, limits: DoorLimits): LoopbackTarget {
	const { hostname, port, host } = new URL(origin);
	const pool = new Pool(origin, {
		connections: limits.maxConnections,
		connectTimeout: limits.connectTimeoutMs,
		headersTimeout: limits.answerTimeoutMs,
		bodyTimeout: limits.streamIdleTimeoutMs,
	});
	return {
		title,
		authority: host,
		dispatcher: pool,
		openConnection: () => connect({ host: hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(port) || 80, noDelay: true }),
		unreachable: { code: "host_unreachable", message: `${title} does not answer. It may be starting; try again in a few seconds.` },
		close: () => pool.destroy(),
	};
}
