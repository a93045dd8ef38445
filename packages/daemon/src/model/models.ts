import type { DaemonModels, DaemonStatus, ModelProbe } from "@opta/contracts/schema/daemon-status";
import type { ModelEvent, ModelProvider, ModelRequest, ModelResult, ModelUsage } from "./model-source.ts";

/** The model that answers a turn. */
export interface ChosenModel {
	readonly id: string;
	readonly provider: ModelProvider;
	/** Of its context window and abilities, as far as they are known. */
	readonly probe: ModelProbe;
	/** Asks; tries again with growing waits where nothing was said yet. Never throws. */
	readonly ask: (request: Omit<ModelRequest, "model">, signal: AbortSignal) => AsyncIterable<ModelEvent>;
}

/** All models that sessions can use: those of LMX first, Anthropic's only where the user switched them on. */
export interface Models {
	/** Finds the model for a name or `auto`, and measures it the first time; `report` hears how far that is. */
	readonly choose: (name: string, signal: AbortSignal, report: (event: ModelEvent) => void) => Promise<ModelResult<ChosenModel>>;
	/** Answer of `GET /v3/models`. */
	readonly list: (signal: AbortSignal) => Promise<DaemonModels>;
	/** For `GET /v3/status`. */
	readonly status: (signal: AbortSignal) => Promise<DaemonStatus["model"]>;
	/** Counts for the share of prompts that were not read again. */
	readonly count: (usage: ModelUsage) => void;
	readonly close: () => Promise<void>;
}
