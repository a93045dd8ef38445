import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { build as platformBuild } from "@opta/contracts/build";
import { openLiveConfig } from "./config/live-config.ts";
import { moveAdminKey } from "./config/move-admin-key.ts";
import { removeDaemonState, writeDaemonState } from "./lifecycle/daemon-state-file.ts";
import { daemonUrl } from "./lifecycle/find-daemon.ts";
import { holdHome } from "./lifecycle/hold-home.ts";
import { listenOnPort, portsToTry } from "./lifecycle/listen-on-port.ts";
import { createLogger } from "./logs/create-logger.ts";
import { openRotatingFile } from "./logs/rotating-file.ts";
import { openServices } from "./open-services.ts";
import { homeFiles } from "./platform/home-files.ts";
import type { Environment } from "./platform/opta-home.ts";
import { processStartedAt } from "./platform/process-started-at.ts";

/** What a daemon is started with. */
export interface StartDaemonOptions {
	/** From `optaHome`. */
	readonly home: string;
	/** The only port that is tried; missing: that of the configuration, else 9999, else 10000–10020. 0: any free one. */
	readonly port?: number;
	readonly environment: Environment;
	/** By dotted name; stronger than files and environment. */
	readonly settings?: Readonly<Record<string, unknown>>;
	/** Build that it says it has; the platform's when missing. */
	readonly build?: string;
}

/** A daemon that listens. */
export interface RunningDaemon {
	readonly port: number;
	readonly baseUrl: string;
	readonly token: string;
	/** Settles when it has stopped, whoever asked for it. */
	readonly stopped: Promise<void>;
	/** Lets running turns end for so long, cuts them then, and frees everything. Called again it can only shorten the time. */
	readonly stop: (drainMs: number) => Promise<void>;
}

/** A daemon, or why there is none, in one line. `already_running` where another one has this home. */
export type DaemonStart =
	| { readonly ok: true; readonly daemon: RunningDaemon }
	| { readonly ok: false; readonly reason: "already_running" | "failed"; readonly message: string };

/** After its turns a daemon has so long to end children and write what is left. */
const windDownMs = 8000;

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Starts the daemon of a home in this process: takes the home's lock, opens everything, listens, and writes `daemon/state.json`. */
export async function startDaemon(options: StartDaemonOptions): Promise<DaemonStart> {
	const { home, environment, build = platformBuild } = options;
	const files = homeFiles(home);
	mkdirSync(home, { recursive: true, mode: 0o700 });
	const held = await holdHome(home);
	if (!held.ok) {
		return { ok: false, reason: "already_running", message: held.message };
	}
	const opened: (() => Promise<void> | void)[] = [held.lock.release];
	/** In the reverse order of opening; each is tried, whatever becomes of the others. */
	const closeAll = async (onProblem: (message: string) => void): Promise<void> => {
		for (const close of opened.toReversed()) {
			try {
				await close();
			} catch (error) {
				onProblem(reasonOf(error));
			}
		}
	};
	const fail = async (message: string): Promise<DaemonStart> => {
		await closeAll(() => undefined);
		return { ok: false, reason: "failed", message };
	};

	try {
		const moved = await moveAdminKey(home);
		const configured = openLiveConfig({ home, environment, flags: options.settings ?? {} });
		if (!configured.ok) {
			return await fail(configured.message);
		}
		const { live } = configured;
		const log = openRotatingFile(files.daemonLog, () => live.current().daemon.maxLogBytes);
		opened.push(log.close);
		const logger = createLogger(log);
		for (const notice of [...(moved === null ? [] : [moved]), ...live.notices()]) {
			logger.warn(notice);
		}
		const token = randomBytes(32).toString("base64url");
		let port = 0;
		const ended = Promise.withResolvers<void>();
		const cut = Promise.withResolvers<void>();
		let stopping: Promise<void> | null = null;

		const run = async (): Promise<void> => {
			logger.info("stopping");
			await Promise.race([services.sessions.drain(24 * 3_600_000), cut.promise]);
			const late = setTimeout(() => {
				logger.error("the daemon could not end everything in time");
				ended.resolve();
			}, windDownMs);
			await removeDaemonState(home, token);
			await closeAll((problem) => logger.error({ problem }, "something could not be closed"));
			clearTimeout(late);
			ended.resolve();
		};
		const stop = (drainMs: number): Promise<void> => {
			const timer = setTimeout(cut.resolve, drainMs);
			void ended.promise.then(() => clearTimeout(timer));
			stopping ??= run();
			return ended.promise;
		};

		const services = await openServices({
			home,
			environment,
			build,
			token,
			config: live,
			log,
			logger,
			address: () => daemonUrl(port),
			isDraining: () => stopping !== null,
			shutDown: (drainMs) => void stop(drainMs),
			onOpened: (close) => opened.push(close),
		});
		const listening = await listenOnPort(services.app, portsToTry(options.port ?? live.current().daemon.port));
		if (!listening.ok) {
			return await fail(listening.message);
		}
		port = listening.port;
		services.reach.start(services.app.server);
		const processStart = await processStartedAt(process.pid);
		await writeDaemonState(home, {
			port,
			pid: process.pid,
			processStartedAt: processStart ?? "",
			token,
			build,
			startedAt: services.startedAt.toISOString(),
		});
		logger.info({ port, build }, "listening");
		return { ok: true, daemon: { port, baseUrl: daemonUrl(port), token, stopped: ended.promise, stop } };
	} catch (error) {
		return await fail(`The daemon could not start: ${reasonOf(error)}`);
	}
}
