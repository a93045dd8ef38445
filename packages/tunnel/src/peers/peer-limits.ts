/** What devices may take of a host. */
export interface PeerLimits {
	/** Links at the same time, those that are being opened included. */
	readonly maxLinks: number;
	readonly maxLinksPerPerson: number;
	/** Devices that left and are still remembered, with when they were last seen. */
	readonly maxRemembered: number;
	readonly maxRememberedPerPerson: number;
}

/** The limits of a host that nobody configured otherwise. */
export const defaultPeerLimits: PeerLimits = {
	maxLinks: 512,
	maxLinksPerPerson: 32,
	maxRemembered: 2048,
	maxRememberedPerPerson: 64,
};
