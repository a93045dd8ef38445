import path from "node:path";
import type { Logger } from "pino";
import type { LmxSettings } from "../config/resolve-settings.ts";
import type { EngineFacts, EngineSettings } from "../engine/engine-messages.ts";
import type { EventBus } from "../events/event-bus.ts";
import type { InstalledModel } from "../library/installed-model.ts";
import type { InferenceBackend } from "../serving/backend.ts";
import type { LoadOptions } from "../serving/load-options.ts";
import { LocalBackend } from "../serving/local-backend.ts";
import type { ModelRunner, RunnerListener } from "../serving/model-runner.ts";
import { ModelSupervisor } from "./model-supervisor.ts";

/** What all processes of this server have in common. */
export interface LocalRunnerParts {
	readonly settings: LmxSettings;
	readonly events: EventBus;
	readonly logger: Logger;
}

function engineSettings(model: InstalledModel, options: LoadOptions, settings: LmxSettings): EngineSettings {
	return {
		file: model.path,
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
		speculation: null,
	};
}

/** Runs a GGUF model in a child process. */
export function createLocalRunner(
	model: InstalledModel,
	options: LoadOptions,
	listener: RunnerListener,
	parts: LocalRunnerParts,
): ModelRunner {
	const { settings, events, logger } = parts;
	const supervisor = new ModelSupervisor(
		model.id,
		engineSettings(model, options, settings),
		settings.stall,
		{
			onState: (state, reason) => listener.onState(state, reason),
			onProgress: (stage, fraction) => events.publish({ type: "model.progress", model: model.id, stage, fraction }),
			onCrash: (reason, restartInMs) => events.publish({ type: "model.crashed", model: model.id, reason, restartInMs }),
		},
		logger,
	);
	let made: { readonly facts: EngineFacts; readonly backend: InferenceBackend } | null = null;
	return {
		start: () => supervisor.start(),
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
		stop: () => supervisor.stop(),
	};
}
