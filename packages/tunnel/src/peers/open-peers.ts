import type { LinkHello } from "@opta/contracts/schema/link";
import type { PassClaims, TicketClaims } from "@opta/contracts/schema/pass";
import type { Peer } from "@opta/contracts/schema/peers";
import type { Link, LinkEnd } from "@opta/reach/link/link";
import { createGonePeers } from "./gone-peers.ts";
import { defaultPeerLimits, type PeerLimits } from "./peer-limits.ts";

/** A device of the person who asks, as it stands. */
export type FoundPeer =
	| { readonly state: "joined"; readonly link: Link }
	| { readonly state: "gone"; readonly lastSeenAt: Date }
	/** Nobody's, or somebody else's: no difference is made. */
	| { readonly state: "unknown" };

/** A place for a link that is being opened. */
export interface PeerPlace {
	/** Takes the link in, under the id and person of its ticket and nothing that the device says; closes it where the ticket was revoked meanwhile. */
	readonly take: (link: Link, hello: LinkHello) => void;
	/** Gives the place back; after `take` it does nothing. */
	readonly release: () => void;
}

/** The devices that are joined to this host. Kept in memory only. */
export interface Peers {
	/** Null when the host, or the person, has as many as they may. */
	readonly reserve: (claims: TicketClaims & { readonly deviceId: string }) => PeerPlace | null;
	readonly find: (deviceId: string, sub: string) => FoundPeer;
	/** The devices of a person, joined ones first. */
	readonly list: (sub: string) => readonly Peer[];
	/** Links that are open. */
	readonly count: () => number;
	/** Closes the links that began with a revoked ticket, those that are being opened too; how many. */
	readonly endRevoked: (isRevoked: (claims: PassClaims) => boolean) => number;
	readonly closeAll: () => void;
}

interface JoinedPeer {
	readonly claims: TicketClaims;
	readonly link: Link;
	readonly hello: LinkHello;
	readonly since: Date;
}

const revokedEnd: LinkEnd = {
	cause: "revoked",
	message: "The passes of this device's person were revoked, or their membership of this host ended.",
};

/** Makes an empty register. `onEnd` is told of each link that is over, for the log. */
export function openPeers({
	limits: given = {},
	onEnd,
}: {
	readonly limits?: Partial<PeerLimits>;
	readonly onEnd: (deviceId: string, end: LinkEnd) => void;
}): Peers {
	const limits = { ...defaultPeerLimits, ...given };
	const joined = new Map<string, JoinedPeer>();
	const gone = createGonePeers(limits);
	const opening = new Map<PeerPlace, TicketClaims>();

	function take(deviceId: string, claims: TicketClaims, link: Link, hello: LinkHello): void {
		const since = new Date();
		const entry: JoinedPeer = { claims, link, hello, since };
		const older = joined.get(deviceId);
		joined.set(deviceId, entry);
		gone.forget(deviceId);
		older?.link.close({ cause: "replaced", message: "The same device joined anew." });
		link.ended.then((end) => {
			if (joined.get(deviceId) === entry) {
				joined.delete(deviceId);
				gone.remember({ deviceId, sub: claims.sub, ...hello, since, lastSeenAt: new Date() });
			}
			onEnd(deviceId, end);
		});
	}

	return {
		reserve(claims) {
			const others = [...joined].filter(([deviceId]) => deviceId !== claims.deviceId).map(([, peer]) => peer.claims);
			const held = [...others, ...opening.values()];
			if (held.length >= limits.maxLinks || held.filter(({ sub }) => sub === claims.sub).length >= limits.maxLinksPerPerson) {
				return null;
			}
			const place: PeerPlace = {
				take(link, hello) {
					if (opening.delete(place)) {
						take(claims.deviceId, claims, link, hello);
					} else {
						link.close(revokedEnd);
					}
				},
				release: () => opening.delete(place),
			};
			opening.set(place, claims);
			return place;
		},
		find(deviceId, sub) {
			const peer = joined.get(deviceId);
			if (peer !== undefined) {
				return peer.claims.sub === sub ? { state: "joined", link: peer.link } : { state: "unknown" };
			}
			const lastSeenAt = gone.lastSeenAt(deviceId, sub);
			return lastSeenAt === null ? { state: "unknown" } : { state: "gone", lastSeenAt };
		},
		list(sub) {
			const lastSeenAt = new Date().toISOString();
			const here = [...joined].flatMap(([deviceId, { claims, hello, since }]): readonly Peer[] =>
				claims.sub === sub
					? [{ deviceId, name: hello.name, build: hello.build, connected: true, since: since.toISOString(), lastSeenAt }]
					: [],
			);
			return [...here, ...gone.list(sub)];
		},
		count: () => joined.size,
		endRevoked(isRevoked) {
			const ended = [...joined.values()].filter(({ claims }) => isRevoked(claims));
			for (const { link } of ended) {
				link.close(revokedEnd);
			}
			const cut = [...opening].filter(([, claims]) => isRevoked(claims));
			for (const [place] of cut) {
				opening.delete(place);
			}
			return ended.length + cut.length;
		},
		closeAll() {
			for (const { link } of joined.values()) {
				link.close({ cause: "closed", message: "The host stops." });
			}
		},
	};
}
