import type { Peer } from "@opta/contracts/schema/peers";
import type { OwnDevice } from "../host/dashboard-place.tsx";

/** Devices of a host by the names that their owner gave them in the account; what a device calls itself stands only for one that is not there. */
export function namePeers(peers: readonly Peer[], own: readonly OwnDevice[]): readonly Peer[] {
	const names = new Map(own.map(({ id, name }) => [id, name]));
	return peers.map((peer) => ({ ...peer, name: names.get(peer.deviceId) ?? peer.name }));
}
