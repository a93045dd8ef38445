import path from "node:path";
import type { Logger } from "pino";
import type { LmxSettings } from "../config/resolve-settings.ts";
import type { EngineFacts, EngineSettings } from "../engine/engine-messages.ts";
import type { SpeculationSettings } from "../engine/speculation/speculation.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel, ModelLibrary } from "../library/installed-model.ts";
import type { InferenceBackend } from "../serving/backend.ts";
import type { LoadOptions } from "../serving/load-options.ts";
import { LocalBackend } from "../serving/local-backend.ts";
import type { ModelRunner, RunnerListener } from "../serving/model-runner.ts";
import { preparedFileOf, prepareWeights } from "../weights/prepared-weights.ts";
import { ModelSupervisor } from "./model-supervisor.ts";

/** What all processes of this server have in common. */
export interface LocalRunnerParts {
	readonly settings: LmxSettings;
	/** Where draft models are looked up. */
	readonly library: Pick<ModelLibrary, "find" | "explainMissing">;
	readonly events: EventBus;
	readonly logger: Logger;
}

/** How tokens are guessed ahead; a text is why they cannot be. */
function speculationOf({ speculation }: LoadOptions, library: LocalRunnerParts["library"]): SpeculationSettings | null | string {
	if (speculation === null || "promptLookup" in speculation) {
		return speculation === null ? null : { kind: "lookup" };
	}
	const draft = library.find(speculation.draft);
	return draft === undefined ? library.explainMissing(speculation.draft) : { kind: "draft", file: draft.path };
}

function engineSettings(
	model: InstalledModel,
	options: LoadOptions,
	settings: LmxSettings,
	speculation: SpeculationSettings | null,
	preparedFile: string | null,
): EngineSettings {
	return {
		file: model.path,
		preparedFile,
		modelKey: model.sha256 ?? `${path.basename(model.path)} ${model.fileBytes} bytes`,
		contextTokens: options.contextTokens,
		sequences: options.sequences,
		queueLimit: settings.queueLimit,
		stepBudgetMs: settings.stepBudgetMs,
		threads: options.threads,
		backend: settings.backend,
		gpuLayers: options.gpuLayers,
		defaultSystemPrompt: null,
		threadsFile: path.join(settings.stateDir, "threads.json"),
		savedPrefixes: settings.prefixCache === null ? null : { folder: settings.prefixCache.dir, maxBytes: settings.prefixCache.maxBytes },
		speculation,
	};
}

/** Runs a GGUF model in a child process. */
export function createLocalRunner(
	model: InstalledModel,
	options: LoadOptions,
	listener: RunnerListener,
	parts: LocalRunnerParts,
): ModelRunner {
	const { settings, library, events, logger } = parts;
	const speculation = speculationOf(options, library);
	const missingDraft = typeof speculation === "string" ? `The draft model of ${model.id} is missing. ${speculation}` : null;
	const preparedFile = preparedFileOf(model, settings.preparedWeights, settings.backend);
	const stopping = new AbortController();
	const supervisor = new ModelSupervisor(
		model.id,
		engineSettings(model, options, settings, typeof speculation === "string" ? null : speculation, preparedFile),
		settings.stall,
		{
			onState: (state, reason) => listener.onState(state, reason),
			onProgress: (stage, fraction) => events.publish({ type: "model.progress", model: model.id, stage, fraction }),
			onCrash: (reason, restartInMs) => events.publish({ type: "model.crashed", model: model.id, reason, restartInMs }),
		},
		logger,
	);
	let made: { readonly facts: EngineFacts; readonly backend: InferenceBackend } | null = null;
	const prepare = async (): Promise<void> => {
		if (preparedFile === null || settings.preparedWeights === null) {
			return;
		}
		const onProgress = (fraction: number): void =>
			events.publish({ type: "model.progress", model: model.id, stage: "preparing", fraction });
		const failure = await prepareWeights(model, preparedFile, settings.preparedWeights, { signal: stopping.signal, onProgress });
		if (failure !== null && !stopping.signal.aborted) {
			logger.warn({ model: model.id }, `The weights of ${model.id} cannot be prepared and are used as they are in the file: ${failure}`);
		}
	};
	return {
		async start() {
			if (missingDraft !== null) {
				return missingDraft;
			}
			await prepare();
			return stopping.signal.aborted ? `The model ${model.id} was unloaded while it was being loaded.` : supervisor.start();
		},
		get backend() {
			const { facts } = supervisor;
			if (facts === null) {
				throw new Error(`The model ${model.id} was asked before it was loaded.`);
			}
			if (made?.facts !== facts) {
				made = { facts, backend: new LocalBackend(supervisor, facts) };
			}
			return made.backend;
		},
		get state() {
			return supervisor.state;
		},
		unhealthyReason: () => supervisor.unhealthyReason(),
		status: () => supervisor.status(),
		heldBytes: () => supervisor.heldBytes(),
		stop() {
			stopping.abort();
			return supervisor.stop();
		},
	};
}
