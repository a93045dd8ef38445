import type { Duplex } from "node:stream";
import type { RemoteGrant } from "@opta/contracts/reach";
import type { ShownRequest } from "@opta/reach/pass/verify-device-request";
import type { OpenUse, RemoteUseFacts } from "../../reach/remote-uses.ts";
import type { Failure } from "../../sessions/outcome.ts";
import type { RemoteClass } from "../route.ts";

/**
 * What comes from elsewhere and what it shows. A socket, which only looks, shows a ticket for its path and origin, good once;
 * all else a pass, and the proof that it is this request that the pass's holder made.
 */
export type RemoteProof =
	| { readonly kind: "socket"; readonly ticket: string; readonly path: string; readonly origin: string | null }
	| ({ readonly kind: "request" } & ShownRequest);

/** Somebody who was let in. */
export interface RemoteAdmission {
	/** True for the body that its sender proved; null for a socket, which has none. */
	readonly isProvenBody: ((body: Uint8Array) => boolean) | null;
}

/** How requests from elsewhere are told from others, and which of them are their owner's. */
export interface RemoteAccess {
	/** True for a connection that the host opened over the link. No header says so. */
	readonly cameByLink: (connection: Duplex) => boolean;
	/** Checks that the owner of this device speaks to it; null where not. */
	readonly admit: (proof: RemoteProof) => Promise<RemoteAdmission | null>;
	/** What the owner allows to happen from elsewhere. */
	readonly grants: () => readonly RemoteGrant[];
	readonly begin: (facts: RemoteUseFacts, follows: boolean) => OpenUse;
}

const meanings: Readonly<Record<RemoteGrant, string>> = {
	see: "Following sessions",
	approve: "Answering approvals and cancelling",
	turns: "Starting turns and changing sessions",
};

/** Why a route cannot be used from elsewhere; null where it can. A route that says nothing of it cannot. */
export function refusalFor(wanted: RemoteClass, grants: readonly RemoteGrant[]): Failure | null {
	if (wanted === "never") {
		return { code: "forbidden", message: "This cannot be done from elsewhere. Do it on the computer itself." };
	}
	if (grants.includes(wanted)) {
		return null;
	}
	const whole = [...grants, wanted].join(",");
	return {
		code: "forbidden",
		message: `${meanings[wanted]} from elsewhere is not allowed on this computer. Its owner can allow it there: opta reach allow ${whole}`,
	};
}
