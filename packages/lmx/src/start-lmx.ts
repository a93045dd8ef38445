import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Logger } from "pino";
import type { EngineSettings } from "./engine/engine-messages.ts";
import { type ModelSource, resolveModel } from "./model/resolve-model.ts";
import { verifyDigest } from "./model/verify-digest.ts";
import type { LmxOptions } from "./options/lmx-options.ts";
import { createServer } from "./server/create-server.ts";
import { ModelSupervisor } from "./supervision/model-supervisor.ts";

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

function engineSettings(model: ModelSource, options: LmxOptions): EngineSettings {
	return {
		file: model.file,
		modelKey: model.sha256 ?? `${path.basename(model.file)} ${model.fileBytes} bytes`,
		contextTokens: options.contextTokens,
		sequences: options.sequences,
		queueLimit: options.queueLimit,
		stepBudgetMs: options.stepBudgetMs,
		threads: options.threads,
		backend: options.backend,
		defaultSystemPrompt: model.defaultSystemPrompt,
		threadsFile: path.join(options.stateDir, "lmx", "threads.json"),
	};
}

function describeListenError(error: unknown, { host, port }: LmxOptions): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (code === "EADDRINUSE") {
		return `Port ${port} (inference server) is in use by another program. Stop it, or choose another port with --port.`;
	}
	return `The inference server cannot listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
}

/** Starts the server: it listens first, so that its health can be asked, and loads the model then. */
export async function startLmx(options: LmxOptions, logger: Logger): Promise<StartResult> {
	const resolved = resolveModel(options.model, options.modelDir);
	if (!resolved.ok) {
		return resolved;
	}
	const { model } = resolved;
	try {
		mkdirSync(path.join(options.stateDir, "lmx"), { recursive: true, mode: 0o700 });
	} catch (error) {
		return { ok: false, message: `The state folder cannot be used: ${error instanceof Error ? error.message : String(error)}` };
	}
	const supervisor = new ModelSupervisor(model.id, engineSettings(model, options), logger);
	const { webDir, allowedHosts } = options;
	const app = await createServer({ models: [{ source: model, supervisor }], webDir, allowedHosts, logger });
	try {
		await app.listen({ host: options.host, port: options.port });
	} catch (error) {
		await supervisor.stop();
		await app.close();
		return { ok: false, message: describeListenError(error, options) };
	}
	const address = app.server.address();
	const port = address !== null && typeof address === "object" ? address.port : options.port;
	logger.info({ host: options.host, port, model: model.id }, "listening");
	const load = async (): Promise<string | null> => {
		try {
			return (await verifyDigest(model, path.join(options.stateDir, "lmx", "verified-models.json"))) ?? (await supervisor.start());
		} catch (error) {
			return `The model file ${model.file} cannot be checked: ${error instanceof Error ? error.message : String(error)}`;
		}
	};
	return {
		ok: true,
		lmx: {
			port,
			modelLoaded: load(),
			async close() {
				await supervisor.stop();
				await app.close();
			},
		},
	};
}
