import { setTimeout as delay } from "node:timers/promises";
import type { DaemonState } from "@opta/contracts/schema/daemon-status";
import { homeFiles } from "../platform/home-files.ts";
import type { Environment } from "../platform/opta-home.ts";
import { judgeSkew } from "./compare-builds.ts";
import { type FoundDaemon, findDaemon } from "./find-daemon.ts";
import { takeLock } from "./process-lock.ts";
import { spawnDaemon } from "./spawn-daemon.ts";
import { stopDaemon } from "./stop-daemon.ts";

/** How a daemon is found or started. */
export interface EnsureOptions {
	/** From `optaHome`. */
	readonly home: string;
	/** The script that is the daemon, and flags before its own: `[…/daemon/src/main.ts]` in the repository. */
	readonly command: readonly string[];
	/** The environment that a new daemon gets. */
	readonly environment: Environment;
	/** Build of the caller; an older daemon hands over to a new one. */
	readonly build: string;
	/** Preferred port; the configuration's, else 9999, when missing. */
	readonly port?: number;
	/** How long an older daemon may go on with its turns before it is given up waiting for (it is never cut off); 10 minutes when missing. */
	readonly handOverMs?: number;
	/** Told while it takes time: an older daemon ends its turns first, a new one starts. */
	readonly onNotice?: (message: string) => void;
	readonly signal?: AbortSignal;
}

/** A daemon that answers, or why there is none, for people. */
export type EnsuredDaemon =
	| { readonly ok: true; readonly state: DaemonState; readonly baseUrl: string; readonly started: boolean }
	| { readonly ok: false; readonly message: string };

const pollMs = 50;
/** Somebody else's start is waited for so long. */
const startPatienceMs = 90_000;
/** A daemon that hangs for longer than this is reported. */
const hangPatienceMs = 15_000;
const defaultHandOverMs = 600_000;

type Step = { readonly done: EnsuredDaemon } | "again";

async function meetRunning(found: FoundDaemon & { kind: "running" }, options: EnsureOptions, started: boolean): Promise<Step> {
	const { build, oldestApi } = found.health;
	const verdict = judgeSkew(options.build, { build, oldestApi });
	if (verdict === "use") {
		return { done: { ok: true, state: found.state, baseUrl: found.baseUrl, started } };
	}
	if (verdict === "too_new") {
		const message = `The running daemon (${build}) is newer than this program (${options.build}) and no longer speaks its version. Update opta, then try again.`;
		return { done: { ok: false, message } };
	}
	options.onNotice?.(
		`The running daemon is older (${build}) than this program (${options.build}). It ends its turns, then a new one takes over.`,
	);
	const stopped = await stopDaemon({
		home: options.home,
		drainMs: options.handOverMs ?? defaultHandOverMs,
		whenOver: "leave",
		...(options.signal === undefined ? {} : { signal: options.signal }),
	});
	return stopped.ok ? "again" : { done: stopped };
}

/** Starts a daemon where nobody else does so at the moment. */
async function startAlone(options: EnsureOptions): Promise<Step | "started"> {
	const lock = takeLock(homeFiles(options.home).startLock);
	if (lock === null) {
		await delay(pollMs);
		return "again";
	}
	try {
		if ((await findDaemon(options.home)).kind !== "stopped") {
			return "again";
		}
		options.onNotice?.("Starting the daemon …");
		const outcome = await spawnDaemon(options);
		if (outcome.kind === "failed") {
			return { done: { ok: false, message: outcome.message } };
		}
		return outcome.kind === "ready" ? "started" : "again";
	} finally {
		lock.release();
	}
}

/**
 * Finds this user's daemon, or starts one and waits until it listens. However many programs do so at once, one daemon runs.
 * A daemon of an older build first ends its turns and then hands over.
 */
export async function ensureDaemon(options: EnsureOptions): Promise<EnsuredDaemon> {
	let started = false;
	let hangsSince: number | null = null;
	const giveUpAt = performance.now() + startPatienceMs;
	while (options.signal?.aborted !== true) {
		const found = await findDaemon(options.home);
		let step: Step | "started" = "again";
		if (found.kind === "running") {
			step = await meetRunning(found, options, started);
		} else if (found.kind === "unresponsive") {
			hangsSince ??= performance.now();
			if (performance.now() - hangsSince > hangPatienceMs) {
				const message = `The daemon (process ${found.state.pid}) does not answer on ${found.baseUrl}. Restart it: opta daemon restart --force`;
				return { ok: false, message };
			}
			await delay(pollMs);
		} else if (performance.now() > giveUpAt) {
			return {
				ok: false,
				message: `Another program is starting the daemon and does not get ready. Its log: ${homeFiles(options.home).daemonLog}`,
			};
		} else {
			step = await startAlone(options);
		}
		if (step === "started") {
			started = true;
		} else if (step !== "again") {
			return step.done;
		}
	}
	return { ok: false, message: "Stopped." };
}
