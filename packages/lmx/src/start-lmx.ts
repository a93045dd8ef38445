import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Logger } from "pino";
import { EventBus } from "./events/event-bus.ts";
import { catalogue } from "./library/catalogue.ts";
import { FolderLibrary } from "./library/folder-library.ts";
import { machineMemory } from "./memory/machine-memory.ts";
import type { LmxOptions } from "./options/lmx-options.ts";
import { createServer } from "./server/create-server.ts";
import type { LoadOptions } from "./serving/load-options.ts";
import { ModelPool } from "./serving/model-pool.ts";
import { createModelProvider } from "./serving/model-provider.ts";
import type { RemoteModels } from "./serving/remote-models.ts";
import { createLocalRunner } from "./supervision/local-runner.ts";

/** A server that listens. */
export interface RunningLmx {
	readonly port: number;
	/** Settles when the model answers, with null; or with why it cannot be loaded, in one line. */
	readonly modelLoaded: Promise<string | null>;
	/** Ends open requests, the listener and the models' processes. */
	close(): Promise<void>;
}

/** A running server, or why there is none, in one line. */
export type StartResult = { readonly ok: true; readonly lmx: RunningLmx } | { readonly ok: false; readonly message: string };

const stall = { reportMs: 30_000, killMs: 120_000 };

function describeListenError(error: unknown, { host, port }: LmxOptions): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (code === "EADDRINUSE") {
		return `Port ${port} (inference server) is in use by another program. Stop it, or choose another port with --port.`;
	}
	return `The inference server cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
}

function isPath(model: string): boolean {
	return /[\\/]|\.gguf$/i.test(model);
}

/** Starts the server: it listens first, so that its health can be asked, and loads the model then. */
export async function startLmx(options: LmxOptions, logger: Logger): Promise<StartResult> {
	const stateDir = path.join(options.stateDir, "lmx");
	const events = new EventBus();
	const modelFile = options.model !== null && isPath(options.model) ? path.resolve(options.model) : null;
	let library: FolderLibrary;
	try {
		mkdirSync(stateDir, { recursive: true, mode: 0o700 });
		library = await FolderLibrary.open({ modelDir: options.modelDir, stateDir, modelFile, events, logger });
	} catch (error) {
		return { ok: false, message: `The state folder cannot be used: ${error instanceof Error ? error.message : String(error)}` };
	}
	const wanted = options.model ?? catalogue.defaultModel;
	const first = modelFile === null ? library.find(wanted) : library.list().find(({ source }) => source === "file");
	if (first === undefined) {
		library.close();
		return { ok: false, message: library.explainMissing(wanted) };
	}
	const runnerParts = {
		stateDir,
		queueLimit: options.queueLimit,
		stepBudgetMs: options.stepBudgetMs,
		backend: options.backend,
		stall,
		events,
		logger,
	};
	const loadOptions: LoadOptions = {
		contextTokens: options.contextTokens,
		sequences: options.sequences,
		gpuLayers: null,
		threads: options.threads,
		speculation: null,
		engine: "libllama",
		keepAliveMs: null,
		isPinned: false,
	};
	const pool = new ModelPool({
		createRunner: (model, how, listener) => createLocalRunner(model, how, listener, runnerParts),
		defaultOptions: () => loadOptions,
		predictBytes: (model) => Promise.resolve(model.fileBytes),
		capacityBytes: () => machineMemory().totalBytes * 0.9,
		verify: (model) =>
			library.verify(model, (fraction) => events.publish({ type: "model.progress", model: model.id, stage: "verifying", fraction })),
		admissionWaitMs: () => 10_000,
		events,
		logger,
	});
	const remotes: RemoteModels = { list: () => [], find: () => undefined };
	const defaultModel = (): string => first.id;
	const provider = createModelProvider({ pool, library, remotes, findPreset: () => undefined, defaultModel });
	const { webDir, allowedHosts } = options;
	const app = await createServer({
		state: { pool, library, remotes, defaultModel },
		provider,
		webDir,
		allowedHosts,
		logger,
	});
	const close = async (): Promise<void> => {
		await pool.stop();
		await app.close();
		library.close();
	};
	try {
		await app.listen({ host: options.host, port: options.port });
	} catch (error) {
		await close();
		return { ok: false, message: describeListenError(error, options) };
	}
	const address = app.server.address();
	const port = address !== null && typeof address === "object" ? address.port : options.port;
	logger.info({ host: options.host, port, model: first.id }, "listening");
	const load = async (): Promise<string | null> => {
		const loaded = await pool.load(first, loadOptions, new AbortController().signal);
		return loaded.ok ? loaded.value.loaded : loaded.error.message;
	};
	return { ok: true, lmx: { port, modelLoaded: load(), close } };
}
