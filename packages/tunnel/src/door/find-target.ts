import type { DoorTarget } from "@opta/contracts/door-routes";
import { peersPath } from "@opta/contracts/reach";
import type { Target } from "../forward/target.ts";
import type { PeerTargets } from "../peers/peer-targets.ts";
import type { SentError } from "./send-error.ts";

/** Where a request goes and what is asked for there, or what its client is told. */
export type FoundTarget =
	| { readonly ok: true; readonly target: Target; readonly path: string }
	| ({ readonly ok: false; readonly reason: string } & SentError);

/** Finds who answers what was asked for, undecoded; `sub` is the person who asks. */
export type FindTarget = (kind: Exclude<DoorTarget, "door">, target: string, sub: string) => FoundTarget;

const peerAddress = new RegExp(`^${peersPath}/([^/?]+)(/.*)$`);

/** Makes the way to the servers behind the door. */
export function createTargetFinder({
	lmx,
	daemon,
	peers,
}: {
	readonly lmx: Target;
	readonly daemon: Target;
	readonly peers: PeerTargets;
}): FindTarget {
	return (kind, target, sub) => {
		if (kind !== "peer") {
			return { ok: true, target: kind === "lmx" ? lmx : daemon, path: target };
		}
		const [, deviceId = "", path = ""] = peerAddress.exec(target) ?? [];
		const found = peers.find(deviceId, sub);
		return found.ok ? { ...found, path } : found;
	};
}
