import { broken, type CheckOutcome, fine, limited, skipped } from "@opta/contracts/doctor-check";
import type { ReachStatus } from "@opta/contracts/schema/daemon-status";
import type { FoundDaemon } from "@opta/daemon/lifecycle/find-daemon";

/** Whether this user's daemon answers. */
export function judgeDaemon(found: FoundDaemon): CheckOutcome {
	switch (found.kind) {
		case "running":
			return fine(`${found.baseUrl}, build ${found.state.build}`);
		case "stopped":
			return fine("not running; commands start it");
		case "unresponsive":
			return broken(`process ${found.state.pid} does not answer`, "opta daemon restart --force");
	}
}

/** Whether this computer's sessions can be followed from elsewhere, as the daemon says; null where it cannot be asked. */
export function judgeLink(reach: ReachStatus | null): CheckOutcome {
	if (reach === null) {
		return skipped("Not known: the daemon does not run.");
	}
	const { link, host } = reach;
	const name = host?.name ?? "its host";
	switch (link.state) {
		case "off":
			return skipped("This computer is joined to no host: its sessions are followed here only.");
		case "signedOut":
			return limited(`This computer is to be joined to ${name}, but nobody is signed in.`, "opta account login");
		case "connecting":
			return limited(`This computer is being joined to ${name}.`, "Wait a moment, then: opta reach status");
		case "joined":
			return fine(`joined to ${name} ${link.via === "lan" ? "on the local network" : "by its door"}, ${link.address}`);
		case "waiting":
			return limited(
				`This computer is not joined to ${name}: ${link.reason}`,
				`It tries again by itself at ${link.nextTryAt}; opta reach status shows more.`,
			);
		case "refused":
			return broken(`${name} cannot be joined: ${link.reason}`, "opta reach status says what it needs.");
	}
}
