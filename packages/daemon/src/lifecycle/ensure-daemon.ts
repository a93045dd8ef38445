import type { DaemonState } from "@opta/contracts/schema/daemon-status";
import type { Environment } from "../platform/opta-home.ts";

/** How a daemon is found or started. */
export interface EnsureOptions {
	/** From `optaHome`. */
	readonly home: string;
	/** The script that is the daemon, and flags before its own: `[…/daemon/src/main.ts]` in the repository. */
	readonly command: readonly string[];
	/** The environment that a new daemon gets. */
	readonly environment: Environment;
	/** Build of the caller; an older daemon hands over to a new one. */
	readonly build: string;
	/** Preferred port; the configuration's, else 9999, when missing. */
	readonly port?: number;
	/** Told while it takes time: an older daemon ends its turns first, a new one starts. */
	readonly onNotice?: (message: string) => void;
	readonly signal?: AbortSignal;
}

/** A daemon that answers, or why there is none, for people. */
export type EnsuredDaemon =
	| { readonly ok: true; readonly state: DaemonState; readonly baseUrl: string; readonly started: boolean }
	| { readonly ok: false; readonly message: string };
