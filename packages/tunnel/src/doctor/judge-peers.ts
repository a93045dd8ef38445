import { build } from "@opta/contracts/build";
import { type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import type { Peer } from "@opta/contracts/schema/peers";

/** Which of the caller's devices are joined, and which were. */
export function judgePeers(peers: readonly Peer[]): CheckOutcome {
	if (peers.length === 0) {
		return skipped("None of your computers is joined to this host. On one of them: opta reach on");
	}
	const told = peers.map(({ name, connected, lastSeenAt }) => `${name} ${connected ? "is joined" : `was last seen ${lastSeenAt}`}`);
	const others = peers.filter((peer) => peer.connected && peer.build !== build);
	return others.length > 0
		? limited(
				`${told.join(", ")}.`,
				`Of another build than this host's ${build}: ${others.map(({ name }) => name).join(", ")}. Update the older one.`,
			)
		: fine(`${told.join(", ")}.`);
}
