import type { Peer } from "@opta/contracts/schema/peers";
import type { OwnDevice } from "../host/dashboard-place.tsx";

/** A device of the reader's as the page shows it. `elsewhere`: signed in, and never joined to this host while it ran. */
export interface ListedDevice {
	readonly id: string;
	readonly name: string;
	readonly state: "joined" | "gone" | "elsewhere";
	/** Since when it is joined, or when it was last seen; null where nobody knows. */
	readonly at: string | null;
	/** Of its program; null where it did not say. */
	readonly build: string | null;
}

const order: readonly ListedDevice["state"][] = ["joined", "gone", "elsewhere"];

function fromPeer({ deviceId, name, build, connected, since, lastSeenAt }: Peer): ListedDevice {
	return { id: deviceId, name, build, state: connected ? "joined" : "gone", at: connected ? since : lastSeenAt };
}

/** Devices that joined the host, then those that are only signed in; each once, the host's word first. Joined ones first, by name. */
export function listDevices(peers: readonly Peer[], own: readonly OwnDevice[]): readonly ListedDevice[] {
	const joined = new Set(peers.map(({ deviceId }) => deviceId));
	const others = own
		.filter(({ id }) => !joined.has(id))
		.map(({ id, name, lastSeenAt }): ListedDevice => ({ id, name, build: null, state: "elsewhere", at: lastSeenAt }));
	return [...peers.map(fromPeer), ...others].sort(
		(a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.name.localeCompare(b.name, "en") || a.id.localeCompare(b.id),
	);
}
