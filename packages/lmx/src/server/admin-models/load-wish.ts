import type { ModelLoadRequest } from "@opta/contracts/schema/lmx-admin-models";
import { keepAliveMs } from "../../serving/keep-alive.ts";
import type { LoadOptions, Speculation } from "../../serving/load-options.ts";

function speculationOf({ draft, promptLookup }: ModelLoadRequest, usual: Speculation | null): Speculation | null {
	if (draft != null) {
		return { draft };
	}
	if (promptLookup === true) {
		return { promptLookup: true };
	}
	return draft === null || promptLookup === false ? null : usual;
}

/** Puts what a request to load says before the configuration. */
export function loadOptionsOf(request: ModelLoadRequest, usual: LoadOptions): LoadOptions {
	const keepMs = keepAliveMs(request.keepAlive);
	return {
		contextTokens: request.contextTokens ?? usual.contextTokens,
		sequences: request.sequences ?? usual.sequences,
		gpuLayers: request.gpuLayers ?? usual.gpuLayers,
		threads: request.threads ?? usual.threads,
		speculation: speculationOf(request, usual.speculation),
		engine: request.engine ?? usual.engine,
		keepAliveMs: keepMs === undefined ? usual.keepAliveMs : keepMs,
		isPinned: request.pin ?? usual.isPinned,
	};
}
