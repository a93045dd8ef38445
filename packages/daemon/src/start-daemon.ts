import type { Environment } from "./platform/opta-home.ts";

/** What a daemon is started with. */
export interface StartDaemonOptions {
	/** From `optaHome`. */
	readonly home: string;
	/** Preferred port: the only one tried; missing: that of the configuration, else 9999, else 10000–10020. 0: any free one. */
	readonly port?: number;
	readonly environment: Environment;
	/** Build that it says it has; the platform's when missing. */
	readonly build?: string;
}

/** A daemon that listens. */
export interface RunningDaemon {
	readonly port: number;
	readonly baseUrl: string;
	readonly token: string;
	/** Settles when it was told to stop (`POST /v3/shutdown`) and has. */
	readonly stopped: Promise<void>;
	/** Lets running turns end for so long, cuts them then, and frees everything. */
	readonly stop: (drainMs: number) => Promise<void>;
}

/** A daemon, or why there is none, in one line. `already_running` where another one has this home. */
export type DaemonStart =
	| { readonly ok: true; readonly daemon: RunningDaemon }
	| { readonly ok: false; readonly reason: "already_running" | "failed"; readonly message: string };
