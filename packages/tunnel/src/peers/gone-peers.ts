import type { Peer } from "@opta/contracts/schema/peers";
import type { PeerLimits } from "./peer-limits.ts";

/** A device that left. */
export interface GonePeer {
	readonly deviceId: string;
	readonly sub: string;
	readonly name: string;
	readonly build: string;
	readonly since: Date;
	readonly lastSeenAt: Date;
}

/** The devices that left lately, in memory only. */
export interface GonePeers {
	/** Keeps one; over the limits the one that left first is forgotten, of the same person where it is theirs that is over. */
	readonly remember: (peer: GonePeer) => void;
	readonly forget: (deviceId: string) => void;
	/** Null when it is unknown or somebody else's. */
	readonly lastSeenAt: (deviceId: string, sub: string) => Date | null;
	/** Those of a person, the last seen first. */
	readonly list: (sub: string) => readonly Peer[];
}

/** Makes an empty memory. */
export function createGonePeers({ maxRemembered, maxRememberedPerPerson }: PeerLimits): GonePeers {
	/** In the order in which they left. */
	const gone = new Map<string, GonePeer>();
	const of = (sub: string): readonly GonePeer[] => [...gone.values()].filter((peer) => peer.sub === sub);
	return {
		remember(peer) {
			gone.delete(peer.deviceId);
			gone.set(peer.deviceId, peer);
			const own = of(peer.sub);
			const first = own.length > maxRememberedPerPerson ? own[0] : gone.size > maxRemembered ? gone.values().next().value : undefined;
			if (first !== undefined) {
				gone.delete(first.deviceId);
			}
		},
		forget: (deviceId) => {
			gone.delete(deviceId);
		},
		lastSeenAt(deviceId, sub) {
			const peer = gone.get(deviceId);
			return peer?.sub === sub ? peer.lastSeenAt : null;
		},
		list: (sub) =>
			of(sub)
				.toReversed()
				.map(({ deviceId, name, build, since, lastSeenAt }) => ({
					...{ deviceId, name, build, connected: false },
					...{ since: since.toISOString(), lastSeenAt: lastSeenAt.toISOString() },
				})),
	};
}
