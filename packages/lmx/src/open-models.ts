import { homedir } from "node:os";
import path from "node:path";
import type { Logger } from "pino";
import type { LiveSettings } from "./config/live-settings.ts";
import { findMlxCommand } from "./engine-openai/mlx/find-mlx-command.ts";
import { MlxRunner } from "./engine-openai/mlx/mlx-runner.ts";
import { mlxBuildOf } from "./engine-openai/mlx/prefer-mlx.ts";
import { OpenAiServers } from "./engine-openai/openai-servers.ts";
import { environment } from "./env.ts";
import type { EventBus } from "./events/event-bus.ts";
import { FolderLibrary } from "./library/folder-library.ts";
import type { InstalledModel } from "./library/installed-model.ts";
import { type MachineMemory, machineMemory } from "./memory/machine-memory.ts";
import { type MemoryUse, modelCapacity } from "./memory/memory-capacity.ts";
import { createMemoryPredictor, type MemoryPredictor } from "./memory/memory-predictor.ts";
import { probeVideoMemory } from "./memory/probe-video-memory.ts";
import { VideoMemory, type VideoUse } from "./memory/video-memory.ts";
import { presetFinder } from "./presets/find-preset.ts";
import { PresetStore } from "./presets/preset-store.ts";
import type { ModelProvider } from "./serving/backend.ts";
import type { FindPreset } from "./serving/find-preset.ts";
import { ModelPool } from "./serving/model-pool.ts";
import { createModelProvider } from "./serving/model-provider.ts";
import type { RemoteModels } from "./serving/remote-models.ts";
import type { ResidentModel } from "./serving/resident-model.ts";
import { presetOrSkillFinder } from "./skills/find-skill.ts";
import { SkillFolder } from "./skills/skill-folder.ts";
import { createLocalRunner } from "./supervision/local-runner.ts";
import { preparedFileOf } from "./weights/prepared-weights.ts";

/** The models of a server, and who hands them out. */
export interface OpenModels {
	readonly library: FolderLibrary;
	readonly pool: ModelPool;
	readonly remotes: RemoteModels;
	readonly presets: PresetStore;
	readonly skills: SkillFolder;
	readonly predict: MemoryPredictor;
	/** The memory that models are counted against. */
	readonly memory: () => MachineMemory;
	/** True for a name that a model has, here or on another server, or a skill. */
	readonly knowsModel: (name: string) => boolean;
	/** Why a name is no model, here or on another server, in a sentence with what to do. */
	readonly explainUnknown: (name: string) => string;
	readonly findPreset: FindPreset;
	readonly provider: ModelProvider;
	/** Name of the model that is loaded when none is. */
	readonly defaultModel: () => string;
	/** Ends the models' processes. */
	close(): Promise<void>;
}

/** Other programs' memory is looked at this often. */
const reliefMs = 10_000;

function isPath(model: string): boolean {
	return /[\\/]|\.gguf$/i.test(model);
}

/** What loaded models have of the graphics cards' memory. */
function videoOfModels(residents: readonly ResidentModel[]): number {
	return residents.reduce((sum, { state, prediction }) => sum + (state === "ready" ? prediction.vramBytes : 0), 0);
}

/** The memory that models are counted against, and what of it is theirs. */
function memoryUse(video: VideoUse | null, residents: readonly ResidentModel[]): MemoryUse {
	if (video !== null) {
		return { totalBytes: video.totalBytes, availableBytes: video.totalBytes - video.otherBytes, modelBytes: 0 };
	}
	const modelBytes = residents.reduce((sum, { runner }) => sum + (runner.heldBytes() ?? runner.status().modelBytes ?? 0), 0);
	return { ...machineMemory(), modelBytes };
}

/** Opens the model folder and what runs models; nothing is loaded yet. Throws when a folder cannot be used. */
export async function openModels(settings: LiveSettings, events: EventBus, logger: Logger): Promise<OpenModels> {
	const { modelDir, stateDir, presetsFile, defaultModel: first } = settings.current;
	const modelFile = isPath(first) ? path.resolve(first) : null;
	const library = await FolderLibrary.open({ modelDir, stateDir, modelFile, events, logger });
	const { store: presets, problem } = await PresetStore.open(presetsFile);
	if (problem !== null) {
		logger.error(problem);
	}
	const skills = new SkillFolder(settings.current.skillsDir);
	const { backend } = settings.current;
	const video = new VideoMemory(
		() => probeVideoMemory(backend),
		() => performance.now(),
		(error) => logger.error({ err: error }, "the graphics cards do not tell their memory"),
	);
	const refreshVideo = (): Promise<void> => video.refresh(() => videoOfModels(pool.residents()));
	const memory = (): MachineMemory => (video.use === null ? machineMemory() : { base: "vram", ...video.use });
	const predict = createMemoryPredictor(library, {
		hasVideoMemory: () => video.use !== null,
		isPrepared: (model) => preparedFileOf(model, settings.current.preparedWeights, backend) !== null,
	});
	const mlxCommand = findMlxCommand({
		platform: process.platform,
		architecture: process.arch,
		searchPath: environment.PATH ?? "",
		home: homedir(),
	});
	const pool = new ModelPool({
		createRunner: (model, options, listener) =>
			model.format === "mlx"
				? new MlxRunner(model, options, listener, { command: mlxCommand, events, logger })
				: createLocalRunner(model, options, listener, { settings: settings.current, library, events, logger }),
		defaultOptions: ({ id }) => settings.current.loadOptions(id),
		async predict(model, options) {
			await refreshVideo();
			return predict(model, options);
		},
		capacityBytes: (residents) => modelCapacity(memoryUse(video.use, residents), settings.current.memoryCeiling),
		verify: (model, signal) => {
			const onProgress = (fraction: number): void =>
				events.publish({ type: "model.progress", model: model.id, stage: "verifying", fraction });
			return library.verify(model, { onProgress, signal });
		},
		admissionWaitMs: () => settings.current.memoryWaitMs,
		events,
		logger,
	});
	const remotes = new OpenAiServers({ environment, events, logger });
	void remotes.configure(settings.current);
	settings.onChange((changed) => void remotes.configure(changed));
	const knowsModel = (name: string): boolean => [library, remotes, skills].some((each) => each.find(name) !== undefined);
	const explainUnknown = (name: string): string =>
		library.explainMissing(
			name,
			remotes.list().map(({ id }) => id),
		);
	const findPreset = presetOrSkillFinder(presetFinder(presets, knowsModel), skills);
	const bestBuild = (model: InstalledModel): InstalledModel => {
		const isChosen = settings.current.loadOptions(model.id).engine !== null;
		return isChosen || mlxCommand === null ? model : (mlxBuildOf(model, library.list()) ?? model);
	};
	const defaultModel = (): string => {
		const wanted = settings.current.defaultModel;
		return isPath(wanted) ? (library.list().find(({ source }) => source === "file")?.id ?? wanted) : wanted;
	};
	await refreshVideo();
	const relief = setInterval(() => void pool.relieve(), reliefMs).unref();
	return {
		library,
		pool,
		remotes,
		presets,
		skills,
		predict,
		memory,
		knowsModel,
		explainUnknown,
		findPreset,
		provider: createModelProvider({ pool, library, remotes, findPreset, bestBuild, explainUnknown, defaultModel }),
		defaultModel,
		async close() {
			clearInterval(relief);
			await Promise.all([pool.stop(), remotes.close()]);
			library.close();
		},
	};
}
