import type { ComponentReport, StatusReport } from "@opta/contracts/schema/status-report";
import { currentReport } from "../report/current-state.ts";
import { probeTimeoutMs } from "../report/timing.ts";
import { type ComponentRecord, recordCheck } from "./component-record.ts";
import type { HttpGet } from "./http-get.ts";
import { observe } from "./observe.ts";
import type { ProbeTarget } from "./targets.ts";

/** What a prober works with. */
export interface ProberOptions {
	readonly targets: readonly ProbeTarget[];
	readonly intervalMs: number;
	readonly get: HttpGet;
	/** Wall clock in Unix milliseconds. */
	readonly now: () => number;
}

/** Asks every part once per interval, however many read the report. */
export interface Prober {
	/** Begins: the first checks at once, then one per interval and part. */
	start(): void;
	stop(): void;
	report(): StatusReport;
	/** Makes the checks that are overdue because the process did not run (a function host, a sleeping machine); else returns at once. */
	catchUp(): Promise<void>;
}

/**
 * All processes of a platform start together, so a part that has not answered yet is asked again this often
 * during the first interval; the result takes the place of the check before it.
 */
const startupRepeatMs = 2_000;

function initialReport({ id, title, group, request }: ProbeTarget): ComponentReport {
	const reason = request === null ? "Not configured on this server." : "No check has ended yet.";
	return { id, title, group, state: "noData", reason, latencyMs: null, checkedAt: null, since: null, history: [] };
}

function reportOf(target: ProbeTarget, record: ComponentRecord | undefined): ComponentReport {
	const last = record?.history.at(-1);
	if (record === undefined || last === undefined) {
		return initialReport(target);
	}
	const history = record.history.map((check) => ({
		state: check.state,
		checkedAt: new Date(check.checkedAtMs).toISOString(),
		latencyMs: check.latencyMs,
	}));
	const since = new Date(record.sinceMs).toISOString();
	const checkedAt = new Date(last.checkedAtMs).toISOString();
	return { ...initialReport(target), state: record.state, reason: record.reason, latencyMs: last.latencyMs, checkedAt, since, history };
}

/** Makes a prober; nothing is asked before `start`. */
export function createProber({ targets, intervalMs, get, now }: ProberOptions): Prober {
	const records = new Map<string, ComponentRecord>();
	const underWay = new Map<string, Promise<void>>();
	let roundTimer: NodeJS.Timeout | undefined;
	let repeatTimer: NodeJS.Timeout | undefined;
	let startedAtMs = now();
	let lastRoundAtMs = startedAtMs;

	async function check({ id, request }: ProbeTarget, repeats: boolean): Promise<void> {
		if (request === null) {
			return;
		}
		const observation = await observe(request, get, probeTimeoutMs);
		records.set(id, recordCheck(records.get(id), observation, { checkedAtMs: now(), intervalMs, repeats }));
	}

	/** One check of each part at most at a time: a part whose last check still runs is left out. */
	function ask(asked: readonly ProbeTarget[], repeats: boolean): Promise<unknown> {
		for (const target of asked) {
			if (!underWay.has(target.id)) {
				underWay.set(
					target.id,
					check(target, repeats).finally(() => underWay.delete(target.id)),
				);
			}
		}
		return Promise.all(underWay.values());
	}

	function round(): Promise<unknown> {
		lastRoundAtMs = now();
		return ask(targets, false);
	}

	function repeatAtStartup(): void {
		if (now() - startedAtMs > intervalMs - startupRepeatMs) {
			clearInterval(repeatTimer);
			return;
		}
		void ask(
			targets.filter(({ id }) => records.has(id) && records.get(id)?.state !== "up"),
			true,
		);
	}

	return {
		start() {
			startedAtMs = now();
			void round();
			roundTimer = setInterval(() => void round(), intervalMs).unref();
			repeatTimer = setInterval(repeatAtStartup, startupRepeatMs).unref();
		},
		stop() {
			clearInterval(roundTimer);
			clearInterval(repeatTimer);
		},
		report() {
			const nowMs = now();
			const components = targets.map((target) => reportOf(target, records.get(target.id)));
			const generatedAt = new Date(nowMs).toISOString();
			return currentReport({ generatedAt, watchingSince: new Date(startedAtMs).toISOString(), intervalMs, components }, nowMs);
		},
		async catchUp() {
			if (now() - lastRoundAtMs > 1.5 * intervalMs) {
				await round();
			}
		},
	};
}
