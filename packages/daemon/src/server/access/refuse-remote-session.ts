import type { PermissionMode } from "@opta/contracts/schema/daemon-permission";
import type { Caller } from "../../sessions/caller.ts";
import type { Failure } from "../../sessions/outcome.ts";

/** What of a session's settings says how freely its agent acts. */
export interface SessionWish {
	readonly mode?: PermissionMode | undefined;
	readonly environment?: Readonly<Record<string, string>> | undefined;
}

/**
 * Why somebody elsewhere may not set a session up like this; null where they may. A mode that asks for less answers
 * approvals beforehand; variables of the shell (`BASH_ENV`, `GIT_EXTERNAL_DIFF`) are commands that nobody is asked about.
 */
export function refuseRemoteSession({ remote }: Caller, { mode, environment }: SessionWish): Failure | null {
	if (remote === undefined) {
		return null;
	}
	if ((mode === "edit" || mode === "auto") && !remote.grants.includes("approve")) {
		const message = `The mode "${mode}" asks for less, and answering approvals from elsewhere is not allowed on this computer. Its owner can allow it there: opta reach allow ${[...remote.grants, "approve"].join(",")}`;
		return { code: "forbidden", message };
	}
	return environment === undefined
		? null
		: { code: "forbidden", message: "Variables of the shell cannot be set from elsewhere. Begin the session without them." };
}
