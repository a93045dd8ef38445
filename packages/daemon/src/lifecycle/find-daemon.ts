import type { DaemonState } from "@opta/contracts/schema/daemon-status";

/**
 * What is known of this user's daemon. `stopped`: none runs, whatever an old state file says. `running`: it answers.
 * `unresponsive`: its process lives and does not answer.
 */
export type FoundDaemon =
	| { readonly kind: "stopped" }
	| { readonly kind: "running"; readonly state: DaemonState; readonly baseUrl: string }
	| { readonly kind: "unresponsive"; readonly state: DaemonState; readonly baseUrl: string };
