/**
 * How the way from the internet stands: `starting` has no connection yet, `connected` has one, `reconnecting` had one or
 * begins again, `missing` cannot begin because cloudflared is not on this machine.
 */
export interface TunnelView {
	readonly state: "starting" | "connected" | "reconnecting" | "missing";
	/** Public address of the door, also while it is cut for a moment; null where there is none (yet, or any more). */
	readonly publicUrl: string | null;
	/** Why it is not connected, in one sentence; null where it is, or only begins. */
	readonly reason: string | null;
}
