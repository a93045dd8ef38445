import type { RemoteGrant } from "@opta/contracts/reach";

/** Who asks for something, as the server found out. */
export interface Caller {
	/** UUID that the client chose; shown to others, trusted for nothing. */
	readonly clientId: string;
	/** For people: `terminal`, `phone`. */
	readonly clientName: string;
	/** Account that a pass proved or that is signed in on this computer; null without one. */
	readonly userId: string | null;
	readonly deviceId: string | null;
	/** True for processes of this computer's user and for the account that owns this device. */
	readonly ownsDevice: boolean;
	/** Set for somebody who asks from elsewhere; missing for programs and pages of this computer. */
	readonly remote?: RemoteCall;
}

/** A request from elsewhere. */
export interface RemoteCall {
	/** What the owner allows to happen from elsewhere. */
	readonly grants: readonly RemoteGrant[];
	/** Aborted when it must end: after its time, or when the owner switches this off. */
	readonly ended: AbortSignal;
}

/**
 * Whether a caller may know of a session: one's own, and on one's own device those that nobody owns. Where nobody is signed
 * in, the device's user sees everything on it.
 */
export function maySee(caller: Caller, ownerUserId: string | null): boolean {
	if (caller.ownsDevice && (caller.userId === null || ownerUserId === null)) {
		return true;
	}
	return ownerUserId !== null && ownerUserId === caller.userId;
}
