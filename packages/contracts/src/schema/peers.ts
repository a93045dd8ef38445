import { z } from "zod";

/** A device that is, or lately was, joined to the host. Times are the host's. */
export const peerSchema = z.object({
	deviceId: z.uuid(),
	name: z.string(),
	build: z.string(),
	connected: z.boolean(),
	/** Since when it is or was joined. */
	since: z.iso.datetime(),
	lastSeenAt: z.iso.datetime(),
});

/** Answer of `GET /peers` at the door: the caller's own devices and nobody else's. Kept in the host's memory only. */
export const peerListSchema = z.object({ peers: z.array(peerSchema).max(512) });

/** A device that is or lately was joined. */
export type Peer = z.infer<typeof peerSchema>;
/** The caller's devices at a host. */
export type PeerList = z.infer<typeof peerListSchema>;
