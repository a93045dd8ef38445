import { mkdirSync } from "node:fs";
import type { Logger } from "pino";
import { LiveSettings } from "./config/live-settings.ts";
import type { LmxSettings } from "./config/resolve-settings.ts";
import { EventBus } from "./events/event-bus.ts";
import { openInstruments } from "./instruments.ts";
import type { LogBook } from "./logs/log-book.ts";
import { type Advert, advertise, isAnnounced } from "./mdns/advertise.ts";
import { type OpenJobs, openJobs } from "./open-jobs.ts";
import { type OpenModels, openModels } from "./open-models.ts";
import type { LmxOptions } from "./options/lmx-options.ts";
import { type Access, openAccess } from "./server/access/open-access.ts";
import { createServer } from "./server/create-server.ts";

/** A server that listens. */
export interface RunningLmx {
	readonly port: number;
	/** Made at this start, to be shown once; null otherwise. */
	readonly newAdminKey: string | null;
	/** Settles when the model answers, with null; or with why it cannot be loaded, in one line. */
	readonly modelLoaded: Promise<string | null>;
	/** Reads the configuration file again. */
	reload(): void;
	/** Ends open requests, the listener and the models' processes. */
	close(): Promise<void>;
}

/** A running server, or why there is none, in one line. */
export type StartResult = { readonly ok: true; readonly lmx: RunningLmx } | { readonly ok: false; readonly message: string };

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

function describeListenError(error: unknown, { host, port }: LmxSettings): string {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	if (code === "EADDRINUSE") {
		return `Port ${port} (inference server) is in use by another program. Stop it, or choose another port with --port.`;
	}
	return `The inference server cannot listen on ${host}:${port}: ${reasonOf(error)}`;
}

/** Loads the default model and those that are to stay; only the default one must succeed. */
async function loadFirst({ pool, library, defaultModel }: OpenModels, settings: LmxSettings, logger: Logger): Promise<string | null> {
	const never = new AbortController().signal;
	const load = async (id: string): Promise<string | null> => {
		const model = library.find(id);
		if (model === undefined) {
			return library.explainMissing(id);
		}
		const held = await pool.hold(model, undefined, never);
		if (held.ok) {
			held.value.release();
		}
		return held.ok ? null : held.error.message;
	};
	const failure = await load(defaultModel());
	if (failure !== null) {
		return failure;
	}
	for (const id of settings.pinnedModels) {
		void load(id).then((problem) => {
			if (problem !== null) {
				logger.error({ model: id }, problem);
			}
		});
	}
	return null;
}

/** Starts the server: it listens first, so that its health can be asked, and loads the model then. */
export async function startLmx(options: LmxOptions, logger: Logger, book: LogBook): Promise<StartResult> {
	const events = new EventBus();
	const opened = LiveSettings.open({ options, events, logger });
	if (!opened.ok) {
		return opened;
	}
	const { settings } = opened;
	let models: OpenModels;
	let jobs: OpenJobs;
	let access: Access;
	const { stateDir } = settings.current;
	try {
		mkdirSync(stateDir, { recursive: true, mode: 0o700 });
	} catch (error) {
		settings.close();
		return { ok: false, message: `The state folder ${stateDir} cannot be used: ${reasonOf(error)}` };
	}
	try {
		access = await openAccess(settings);
		models = await openModels(settings, events, logger);
		jobs = openJobs(settings, models, events, logger);
	} catch (error) {
		settings.close();
		return { ok: false, message: `The inference server cannot start: ${reasonOf(error)}` };
	}
	const first = models.defaultModel();
	if (models.library.find(first) === undefined) {
		settings.close();
		await jobs.close();
		await models.close();
		return { ok: false, message: models.library.explainMissing(first) };
	}
	const app = await createServer({ models, jobs, settings, events, access, instruments: openInstruments(models, events, book), logger });
	let advert: Advert | null = null;
	const close = async (): Promise<void> => {
		settings.close();
		await advert?.close();
		// Before the models: a bench whose model goes away would count as failed instead of ended by the stop.
		await jobs.close();
		await models.close();
		await app.close();
	};
	const { host, port: wantedPort } = settings.current;
	try {
		await app.listen({ host, port: wantedPort });
	} catch (error) {
		const message = describeListenError(error, settings.current);
		await close();
		return { ok: false, message };
	}
	const address = app.server.address();
	const port = address !== null && typeof address === "object" ? address.port : wantedPort;
	logger.info({ host, port, model: first }, "listening");
	if (isAnnounced(host, settings.current.mdns)) {
		advert = await advertise({ host, port }, access.needs(), logger);
		settings.onChange(() => advert?.update(access.needs()));
	}
	for (const warning of access.warnings()) {
		logger.warn(warning);
	}
	if (access.newAdminKey !== null) {
		logger.info({ file: access.adminKeyFile }, "the admin key of this host was made");
	}
	return {
		ok: true,
		lmx: {
			port,
			newAdminKey: access.newAdminKey,
			modelLoaded: loadFirst(models, settings.current, logger),
			reload: () => void settings.reload(),
			close,
		},
	};
}
