import path from "node:path";
import { defaultPorts } from "@opta/contracts/ports";
import type { ApiKeyConfig, EngineConfig, LmxConfig, McpServerConfig, ModelOptions } from "@opta/contracts/schema/lmx-config";
import type { Backend } from "../engine/library/platform-build.ts";
import { catalogue } from "../library/catalogue.ts";
import type { LmxOptions } from "../options/lmx-options.ts";
import { keepAliveMs } from "../serving/keep-alive.ts";
import type { LoadOptions } from "../serving/load-options.ts";
import type { PreparedWeightsSettings } from "../weights/prepared-weights.ts";

/** Room for saved prefixes when nothing else is said. */
const defaultPrefixCacheBytes = 8 * 1024 ** 3;
/** Room for prepared weights when nothing else is said. */
const defaultPreparedBytes = 4 * 1024 ** 3;
const defaultKeepAliveMs = 30 * 60_000;
const everyAddress = "0.0.0.0";
const loopbackAddress = "127.0.0.1";

/** Everything that can be set, from flags, then variables, then the file, then defaults. Paths are absolute. */
export interface LmxSettings {
	readonly host: string;
	readonly port: number;
	readonly stateDir: string;
	readonly configFile: string;
	readonly modelDir: string;
	readonly presetsFile: string;
	readonly skillsDir: string;
	readonly webDir: string | null;
	readonly allowedHosts: readonly string[];
	readonly corsOrigins: readonly string[];
	/** A name, or the path of a GGUF file. */
	readonly defaultModel: string;
	/** A part of the machine's memory, or bytes for the models alone. */
	readonly memoryCeiling: { readonly share: number } | { readonly bytes: number };
	readonly memoryWaitMs: number;
	readonly queueLimit: number;
	/** Null: as the speed of the machine allows. */
	readonly stepBudgetMs: number | null;
	readonly backend: Backend;
	readonly stall: { readonly reportMs: number; readonly killMs: number; readonly loadMs: number };
	readonly engines: readonly EngineConfig[];
	readonly hfToken: string | null;
	/** Where models are downloaded from. */
	readonly hubUrl: string;
	readonly apiKeys: readonly ApiKeyConfig[];
	readonly needsAdminKey: boolean;
	/** Null: when LMX is bound to the LAN. */
	readonly mdns: boolean | null;
	readonly mcpServers: Readonly<Record<string, McpServerConfig>>;
	/** Responses that can be gone on with; 0 of them when that is off. */
	readonly keptResponses: { readonly count: number; readonly ageMs: number };
	/** Null: no prefixes are kept on the disk. */
	readonly prefixCache: { readonly dir: string; readonly maxBytes: number } | null;
	/** Null: models are run from their own files only. */
	readonly preparedWeights: PreparedWeightsSettings | null;
	/** Names of the models that are loaded at the start and stay. */
	readonly pinnedModels: readonly string[];
	/** How a model is run when nobody says otherwise. */
	loadOptions(modelId: string): LoadOptions;
}

function loadOptionsOf(own: ModelOptions, defaults: ModelOptions, options: LmxOptions): LoadOptions {
	const keepMs = keepAliveMs(own.keepAlive ?? defaults.keepAlive);
	return {
		contextTokens: options.contextTokens ?? own.contextTokens ?? defaults.contextTokens ?? null,
		sequences: options.sequences ?? own.sequences ?? defaults.sequences ?? 8,
		gpuLayers: own.gpuLayers ?? defaults.gpuLayers ?? null,
		threads: options.threads ?? own.threads ?? defaults.threads ?? null,
		speculation: own.speculation ?? defaults.speculation ?? null,
		engine: own.engine ?? defaults.engine ?? null,
		keepAliveMs: keepMs === undefined ? defaultKeepAliveMs : keepMs,
		isPinned: own.pin ?? false,
	};
}

/** Puts flags and variables before the file, and defaults behind it. */
export function resolveSettings(options: LmxOptions, config: LmxConfig): LmxSettings {
	const beside = (file: string): string => path.resolve(path.dirname(options.configFile), file);
	const stateDir = path.join(options.stateDir, "lmx");
	const models = new Map(Object.entries(config.models).map(([id, own]) => [id.toLowerCase(), own]));
	const { prefixCache, preparedWeights, memoryCeiling, keptResponses } = config;
	return {
		host: options.host ?? (config.bind === "lan" ? everyAddress : loopbackAddress),
		port: options.port ?? config.port ?? defaultPorts.lmx,
		stateDir,
		configFile: options.configFile,
		modelDir: options.hasOwnModelDir || config.modelDir === undefined ? options.modelDir : beside(config.modelDir),
		presetsFile: config.presetsFile === undefined ? path.join(stateDir, "presets.json") : beside(config.presetsFile),
		skillsDir: config.skillsDir === undefined ? path.join(stateDir, "skills") : beside(config.skillsDir),
		webDir: options.webDir,
		allowedHosts: [...options.allowedHosts, ...(config.allowedHosts ?? []).map((name) => name.toLowerCase())],
		corsOrigins: config.corsOrigins,
		defaultModel: options.model ?? config.defaultModel ?? catalogue.defaultModel,
		memoryCeiling: memoryCeiling < 1 ? { share: memoryCeiling } : { bytes: memoryCeiling },
		memoryWaitMs: config.memoryWait,
		queueLimit: options.queueLimit ?? config.queueLimit ?? 64,
		stepBudgetMs: options.stepBudgetMs,
		backend: options.backend,
		stall: { reportMs: config.stall.report, killMs: config.stall.restart, loadMs: config.stall.load },
		engines: config.engines,
		hfToken: options.hfToken ?? config.hfToken ?? null,
		hubUrl: options.hubUrl,
		apiKeys: config.apiKeys,
		needsAdminKey: config.adminAuth === "on",
		mdns: config.mdns ?? null,
		mcpServers: config.mcpServers,
		keptResponses: keptResponses === "off" ? { count: 0, ageMs: 0 } : { count: keptResponses.count, ageMs: keptResponses.age },
		prefixCache:
			prefixCache === "off"
				? null
				: {
						dir: prefixCache.dir === undefined ? path.join(stateDir, "prefixes") : beside(prefixCache.dir),
						maxBytes: prefixCache.maxBytes ?? defaultPrefixCacheBytes,
					},
		preparedWeights:
			preparedWeights === "off"
				? null
				: {
						dir: preparedWeights.dir === undefined ? path.join(stateDir, "weights") : beside(preparedWeights.dir),
						maxBytes: preparedWeights.maxBytes ?? defaultPreparedBytes,
					},
		pinnedModels: [...models].filter(([, own]) => own.pin === true).map(([id]) => id),
		loadOptions: (modelId) => loadOptionsOf(models.get(modelId.toLowerCase()) ?? {}, config.defaults, options),
	};
}

/** Settings that a running server cannot change; their names as people write them. */
export function changesForRestart(before: LmxSettings, after: LmxSettings): readonly string[] {
	const fixed = { host: "bind", port: "port", modelDir: "modelDir", presetsFile: "presetsFile", skillsDir: "skillsDir" } as const;
	return Object.entries(fixed)
		.filter(([key]) => before[key as keyof typeof fixed] !== after[key as keyof typeof fixed])
		.map(([, name]) => name);
}
