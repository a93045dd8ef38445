import type { Duplex } from "node:stream";
import type { RemoteGrant } from "@opta/contracts/reach";
import type { OpenUse, RemoteUseFacts } from "../../reach/remote-uses.ts";
import type { Failure } from "../../sessions/outcome.ts";
import type { RemoteClass } from "../route.ts";

/** What a request from elsewhere shows. A socket shows a ticket, which is for its path and origin and good once; all else a pass. */
export interface RemoteProof {
	readonly token: string;
	readonly socket: { readonly path: string; readonly origin: string | null } | null;
}

/** How requests from elsewhere are told from others, and which of them are their owner's. */
export interface RemoteAccess {
	/** True for a connection that the host opened over the link. No header says so. */
	readonly cameByLink: (connection: Duplex) => boolean;
	/** Whether a pass for this device, of its owner, was shown. */
	readonly admit: (proof: RemoteProof) => Promise<boolean>;
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
