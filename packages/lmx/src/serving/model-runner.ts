import type { ModelState } from "@opta/contracts/schema/lmx-models";
import type { LoadedModel, StepCounters } from "@opta/contracts/schema/lmx-status";
import type { InstalledModel } from "../library/installed-model.ts";
import type { InferenceBackend } from "./backend.ts";
import type { LoadOptions } from "./load-options.ts";

/** What a runner tells of itself while it has a process. */
export type RunnerStatus = Omit<LoadedModel, "id" | "state" | "reason" | "memory" | "pinned" | "expiresAt" | "loadedAt"> & {
	/** What the model took beyond an empty process; null before it was loaded. */
	readonly modelBytes: number | null;
	readonly loadedAt: Date | null;
};

/** Counters of a process that has done nothing. */
export const noSteps: StepCounters = { generating: 0, answers: 0, promptTokens: 0, decodeMs: 0, workMs: 0 };

/** What runs one loaded model, whichever engine it is. */
export interface ModelRunner {
	/** Loads the model; null when it answers, else why it does not, in one sentence. Called once. */
	start(): Promise<string | null>;
	/** To be asked once `start` has succeeded; requests sent while it restarts are refused by it. */
	readonly backend: InferenceBackend;
	readonly state: ModelState;
	/** Why the model does not answer now, also when it makes no progress; null when it does. */
	unhealthyReason(): string | null;
	status(): RunnerStatus;
	/** What its process holds that the system cannot take back for others; null where that is not known. */
	heldBytes(): number | null;
	/** Ends it at once; requests that are still open get an error. */
	stop(): Promise<void>;
}

/** What the owner of a runner hears. */
export interface RunnerListener {
	/** Every change of state, with the reason where people would ask. */
	onState(state: ModelState, reason: string | null): void;
}

/** Makes the runner of a model; nothing is loaded yet. */
export type RunnerFactory = (model: InstalledModel, options: LoadOptions, listener: RunnerListener) => ModelRunner;
