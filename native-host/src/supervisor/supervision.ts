import type { ProcessState } from "@opta/contracts/schema/process-message";
import type { HttpProbe } from "./http-probe.ts";
import type { OutputStream } from "./log-line.ts";
import type { ProcessCommand } from "./process-run.ts";
import type { RestartPolicy } from "./restart-policy.ts";

/** How a process tells that it serves: `{type: "ready"}` over its IPC channel, or a good answer on an address. */
export type Readiness = { readonly ipc: true } | { readonly http: HttpProbe };

/** One change in the life of a supervised process. */
export interface ProcessChange {
	readonly name: string;
	readonly state: ProcessState;
	readonly pid: number | null;
	/** Told by the process over IPC; null before, or when it did not tell. */
	readonly port: number | null;
	/** Why it restarts or failed: one sentence without a full stop. */
	readonly reason: string | null;
	/** How often it was started again so far. */
	readonly restarts: number;
}

/** A process that is to run all the time. */
export interface SuperviseOptions extends ProcessCommand {
	readonly name: string;
	readonly ready: Readiness;
	/** A start that takes longer is ended; a first start is then given up. */
	readonly readyTimeoutMs: number;
	/** From SIGTERM to SIGKILL of the process group. */
	readonly stopTimeoutMs?: number;
	readonly restart?: RestartPolicy;
	/** Output goes here as JSON lines, bounded. */
	readonly logFile?: string;
	readonly onState?: (change: ProcessChange) => void;
	/** Every line of output, as it comes. */
	readonly onLine?: (line: string, stream: OutputStream) => void;
	/** Every message over IPC, `ready` too. */
	readonly onMessage?: (message: unknown) => void;
}

/** How the supervision ended: asked to stop, or given up. */
export type SupervisionEnd =
	| { readonly state: "stopped" }
	| {
			readonly state: "failed";
			/** One sentence without a full stop. */
			readonly reason: string;
			/** What the process said last on stderr when it ended by itself; null when it said nothing, or was ended. */
			readonly lastWords: string | null;
			/** True when it served at least once before. */
			readonly wasReady: boolean;
	  };

/** A process under supervision. */
export interface SupervisedProcess {
	readonly name: string;
	/** The newest change. */
	readonly current: () => ProcessChange;
	/** Settles at the first time it serves, or when it ends without ever having served. */
	readonly ready: Promise<{ readonly ok: true; readonly port: number | null } | { readonly ok: false; readonly end: SupervisionEnd }>;
	readonly ended: Promise<SupervisionEnd>;
	/** Ends it and whatever it left behind. Calling it again changes nothing. */
	readonly stop: () => Promise<void>;
}
