import type { RemoteUse } from "@opta/contracts/schema/daemon-status";
import type { Logger } from "pino";

/** A request from elsewhere, as the log names it. */
export type RemoteUseFacts = Omit<RemoteUse, "at" | "status">;

/** A request from elsewhere that goes on. */
export interface OpenUse {
	/** Aborted when it must end: after its time, or with all others. */
	readonly ended: AbortSignal;
	/** Status of the answer; null where its client left before one. */
	readonly finish: (status: number | null) => void;
}

/** Everything that is done from elsewhere, in the log and for the owner to see. */
export interface RemoteUses {
	/** `follows`: the answer is a stream or a socket, which is logged at its start too. */
	readonly begin: (facts: RemoteUseFacts, follows: boolean) => OpenUse;
	/** Newest first. */
	readonly last: () => readonly RemoteUse[];
	/** Ends all that go on. */
	readonly endAll: () => void;
}

/** Streams to elsewhere live no longer: clients resume them, and show a pass that is good now. */
export const longestUseMs = 10 * 60_000;
const keptUses = 20;

/** Opens the list of uses. */
export function openRemoteUses(logger: Pick<Logger, "info">, longestMs = longestUseMs): RemoteUses {
	const uses: RemoteUse[] = [];
	const open = new Set<AbortController>();
	return {
		begin(facts, follows) {
			const ending = new AbortController();
			const startedAtMs = performance.now();
			const use: RemoteUse = { ...facts, at: new Date().toISOString(), status: null };
			let shown = use;
			uses.unshift(use);
			uses.splice(keptUses);
			open.add(ending);
			const timer = setTimeout(() => ending.abort(), longestMs).unref();
			if (follows) {
				logger.info(facts, "followed from elsewhere");
			}
			return {
				ended: ending.signal,
				finish(status) {
					if (!open.delete(ending)) {
						return;
					}
					clearTimeout(timer);
					const at = uses.indexOf(shown);
					shown = { ...use, status };
					if (at !== -1) {
						uses[at] = shown;
					}
					const ms = Math.round(performance.now() - startedAtMs);
					logger.info({ ...facts, status, ms }, follows ? "no longer followed from elsewhere" : "used from elsewhere");
				},
			};
		},
		last: () => [...uses],
		endAll() {
			for (const ending of [...open]) {
				ending.abort();
			}
		},
	};
}
