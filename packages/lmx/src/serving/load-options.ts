import type { EngineKind } from "@opta/contracts/schema/lmx-config";

/** How a model drafts tokens that are then checked all at once. */
export type Speculation = { readonly draft: string } | { readonly promptLookup: true };

/** How a model is to be run. Null leaves the choice to the engine. */
export interface LoadOptions {
	readonly contextTokens: number | null;
	/** Answers at the same time. */
	readonly sequences: number;
	/** Layers on the GPU; null: as many as fit. */
	readonly gpuLayers: number | null;
	readonly threads: number | null;
	readonly speculation: Speculation | null;
	/** Null: libllama for a GGUF file, `mlx_lm.server` for an MLX model. */
	readonly engine: EngineKind | null;
	/** How long the model stays after its last request; null: for ever. */
	readonly keepAliveMs: number | null;
	/** Never unloaded to make room, nor when idle. */
	readonly isPinned: boolean;
}

/** What differs between a loaded model and a wish only in how long it stays needs no new process. */
export function needsNewProcess(loaded: LoadOptions, wanted: LoadOptions): boolean {
	const essence = ({ keepAliveMs: _keepAliveMs, isPinned: _isPinned, ...rest }: LoadOptions): string => JSON.stringify(rest);
	return essence(loaded) !== essence(wanted);
}
