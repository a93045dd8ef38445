import type { Link } from "@opta/reach/link/link";
import type { DoorLimits } from "../door/door-limits.ts";
import type { SentError } from "../door/send-error.ts";
import type { Target } from "../forward/target.ts";
import type { Peers } from "./open-peers.ts";
import { createPeerTarget } from "./peer-target.ts";

/** The daemons of joined devices, each for its own person only. */
export interface PeerTargets {
	readonly find: (
		deviceId: string,
		sub: string,
	) => { readonly ok: true; readonly target: Target } | ({ readonly ok: false; readonly reason: string } & SentError);
}

/** Makes the way to joined devices. */
export function createPeerTargets(peers: Peers, limits: DoorLimits): PeerTargets {
	const targets = new WeakMap<Link, Target>();
	return {
		find(deviceId, sub) {
			const found = peers.find(deviceId, sub);
			if (found.state === "unknown") {
				const message = "None of your devices of this id is known to this host. Check the id, or let the device join: opta reach on.";
				return { ok: false, code: "not_found", message, reason: "unknown device" };
			}
			if (found.state === "gone") {
				const message = "This device is not connected to the host now. Wake it up, and see that its daemon runs: opta daemon status.";
				const details = { lastSeenAt: found.lastSeenAt.toISOString() };
				return { ok: false, code: "peer_offline", message, details, reason: "device is gone" };
			}
			const { link } = found;
			if (link.streamCount() >= limits.maxStreamsPerPeer) {
				const message = "As much is under way at this device as it takes. Close something, or try again in a few seconds.";
				return { ok: false, code: "unavailable", message, reason: "too many streams" };
			}
			const target = targets.get(link) ?? createPeerTarget(link, limits);
			targets.set(link, target);
			return { ok: true, target };
		},
	};
}
