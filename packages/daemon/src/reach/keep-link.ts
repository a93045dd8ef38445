import type { LinkState } from "@opta/contracts/schema/daemon-status";
import type { LinkEnd } from "@opta/reach/link/link";
import { joinDelayMs, longestJoinDelayMs } from "./join-delay.ts";
import type { HostJoin } from "./join-host.ts";

/** What keeping a link needs. */
export interface KeepLinkParts {
	readonly join: (where: "lan" | "any", signal: AbortSignal) => Promise<HostJoin>;
	/** Asks accounts whether this computer may still be joined: why not, or null. */
	readonly object: () => Promise<string | null>;
	readonly onState: (state: LinkState) => void;
	readonly onProblem: (error: unknown) => void;
	readonly random?: () => number;
}

/** A link that is joined again whenever it ends. */
export interface KeptLink {
	/** The network is another one, or the computer woke: what was waited for is tried now, on a new link where this one may be cut. */
	readonly wake: (mayBeCut: boolean) => void;
	readonly close: () => void;
}

type Joined = Extract<HostJoin, { ok: true }>;

/** So often a link asks whether it may still be, and one through the tunnel whether the host is near by now. */
export const linkLookMs = 5 * 60_000;
/** A link that lived so long was a good one: the next try comes at once. */
const steadyMs = 30_000;

function describe(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** Keeps this computer joined until it is closed: with growing pauses where that fails, and over the nearest way. */
export function keepLink({ join, object, onState, onProblem, random = Math.random }: KeepLinkParts): KeptLink {
	const closing = new AbortController();
	const { signal } = closing;
	let wakeUp = (): void => undefined;
	let current: Joined | null = null;

	function pause(ms: number, until?: Promise<unknown>): Promise<void> {
		return new Promise((resolve) => {
			const end = (): void => {
				clearTimeout(timer);
				signal.removeEventListener("abort", end);
				resolve();
			};
			const timer = setTimeout(end, ms).unref();
			wakeUp = end;
			void until?.then(end);
			signal.addEventListener("abort", end, { once: true });
		});
	}

	async function tryToJoin(where: "lan" | "any"): Promise<HostJoin> {
		try {
			return await join(where, signal);
		} catch (error) {
			onProblem(error);
			return { ok: false, state: "waiting", reason: describe(error) };
		}
	}

	async function findObjection(): Promise<string | null> {
		try {
			return await object();
		} catch (error) {
			// Accounts that cannot be reached objects to nothing; the host asks it as well.
			onProblem(error);
			return null;
		}
	}

	/** Until the link is over, moving it to the host's own network where that answers and nothing is under way. */
	async function stay(joined: Joined): Promise<LinkEnd> {
		current = joined;
		for (;;) {
			const { link, via, address } = current;
			onState({ state: "joined", via, address, since: new Date().toISOString() });
			let end: LinkEnd | null = null;
			const ended = link.ended.then((why) => {
				end = why;
			});
			while (end === null && current.link === link) {
				await pause(linkLookMs, ended);
				const objection = end === null ? await findObjection() : null;
				if (objection !== null) {
					link.close({ cause: "revoked", message: objection });
				}
				if (end === null && objection === null && via === "door" && link.streamCount() === 0) {
					const nearer = await tryToJoin("lan");
					if (nearer.ok) {
						current = nearer;
						link.close({ cause: "closed", message: "The device moved to the host's own network." });
					}
				}
			}
			if (current.link === link) {
				current = null;
				return end ?? { cause: "closed", message: "The link was closed." };
			}
		}
	}

	async function run(): Promise<void> {
		let failures = 0;
		while (!signal.aborted) {
			onState({ state: "connecting" });
			const joined = await tryToJoin("any");
			if (signal.aborted) {
				if (joined.ok) {
					joined.link.close({ cause: "closed", message: "The device leaves." });
				}
				return;
			}
			let delayMs = joinDelayMs(failures, random);
			let reason: string;
			if (joined.ok) {
				const joinedAtMs = performance.now();
				reason = (await stay(joined)).message;
				const wasSteady = performance.now() - joinedAtMs >= steadyMs;
				delayMs = joinDelayMs(wasSteady ? 0 : failures, random);
				failures = wasSteady ? 0 : failures + 1;
			} else {
				({ reason } = joined);
				failures++;
			}
			if (signal.aborted) {
				return;
			}
			if (joined.ok || joined.state === "waiting") {
				onState({ state: "waiting", reason, nextTryAt: new Date(Date.now() + delayMs).toISOString() });
			} else {
				delayMs = longestJoinDelayMs;
				onState(joined.state === "refused" ? { state: "refused", reason } : { state: "signedOut" });
			}
			await pause(delayMs);
		}
	}

	void run();
	return {
		wake(mayBeCut) {
			if (mayBeCut) {
				current?.link.close({ cause: "lost", message: "The network of this computer changed." });
			}
			wakeUp();
		},
		close() {
			closing.abort();
			current?.link.close({ cause: "closed", message: "The device leaves." });
		},
	};
}
