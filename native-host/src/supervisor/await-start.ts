import { setTimeout as delay } from "node:timers/promises";
import { probeUntilReady } from "./http-probe.ts";
import type { ProcessRun } from "./process-run.ts";
import type { Readiness } from "./supervision.ts";

/** How a start went: it serves, it ended, or it took too long. */
export type StartOutcome =
	| { readonly state: "ready"; readonly port: number | null }
	| { readonly state: "ended" }
	| { readonly state: "timedOut" };

/** Waits until a started process serves, is gone, or has taken longer than the limit. */
export async function awaitStart(run: ProcessRun, ready: Readiness, timeoutMs: number): Promise<StartOutcome> {
	const settled = new AbortController();
	const ended = run.ended.then((): StartOutcome => ({ state: "ended" }));
	const limit = delay(timeoutMs, undefined, { signal: settled.signal }).then(
		(): StartOutcome => ({ state: "timedOut" }),
		() => ended,
	);
	const serves =
		"ipc" in ready
			? run.saidReady.then(({ port }): StartOutcome => ({ state: "ready", port }))
			: probeUntilReady(ready.http, settled.signal).then((ok) => (ok ? ({ state: "ready", port: null } as const) : ended));
	const outcome = await Promise.race([serves, ended, limit]);
	settled.abort();
	return outcome;
}
