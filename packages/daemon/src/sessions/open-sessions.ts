import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Checkpoints } from "../checkpoints/checkpoints.ts";
import type { TurnRunner } from "../turns/turn-runner.ts";
import type { Sessions } from "./sessions.ts";

/** What sessions are opened with. */
export interface OpenSessionsOptions {
	/** Folder of the user, from `optaHome`: sessions are under `sessions/`. */
	readonly home: string;
	readonly runner: TurnRunner;
	readonly checkpoints: Checkpoints;
	/** Configuration for a workspace as it is now: mode and rules of permissions, default model, titles. */
	readonly config: (
		workspace: string,
	) => Pick<OptaConfig, "model" | "permissions" | "agent"> & { readonly daemon: Pick<OptaConfig["daemon"], "trashDays"> };
	/** Variables for sessions that were started without any; never the daemon's own secrets. */
	readonly environment: Readonly<Record<string, string>>;
	/** Something that people should find in the log. */
	readonly log?: (level: "info" | "warn" | "error", message: string, details: Readonly<Record<string, unknown>>) => void;
	/** Called when a session goes to the trash: what its tools left running has to end. */
	readonly onSessionClosed?: (sessionId: string) => Promise<void>;
	/** Sessions in memory at the same time; 64 when missing. Those that run or are watched are never put out. */
	readonly maxLoaded?: number;
	readonly now?: () => Date;
}

/**
 * Opens the sessions of a home: finds those that an earlier daemon left (their index is rebuilt where it is behind), ends what
 * was interrupted, and lets waiting and queued turns go on. One process per home may do this (the daemon's lock sees to it).
 */
export function openSessions(_options: OpenSessionsOptions): Promise<Sessions> {
	return Promise.reject(new Error("Sessions are not there yet."));
}
