import type { DurableEvent, SessionEvent } from "@opta/contracts/schema/daemon-events";
import { formatCursor } from "../hub/event-cursor.ts";
import { applyEvent } from "./apply-event.ts";
import { eventLine } from "./log-format.ts";
import { done, failed, type Outcome } from "./outcome.ts";
import type { SessionLog } from "./session-log.ts";
import type { SessionState } from "./session-state.ts";

/** An event that is to be, and who caused it. */
export interface DraftEvent {
	readonly event: DurableEvent;
	readonly clientId?: string;
}

/** What a change may look at: the session with everything that was decided before it, and the number its first event would get. */
export interface ChangeBasis {
	readonly state: SessionState;
	readonly nextSeq: number;
	/** RFC 3339: the time that its events get. */
	readonly at: string;
}

/** Decides what is to happen, or refuses. Synchronous and without effects: it sees the session as it will be when its turn comes. */
export type Change = (basis: ChangeBasis) => Outcome<readonly DraftEvent[]>;

interface Waiting {
	readonly change: Change;
	readonly resolve: (outcome: Outcome<readonly SessionEvent[]>) => void;
}

/** Everything that a journal works with. */
export interface JournalOptions {
	readonly log: SessionLog;
	readonly state: SessionState;
	readonly now: () => Date;
	/** Told of events that are on the disk, in order, before those who made them. Must not throw. */
	readonly onEvents: (events: readonly SessionEvent[], state: SessionState) => void;
	readonly onFailure: (error: unknown) => void;
}

/**
 * The one writer of a session. Changes are decided one after the other, and all that wait while the disk is busy share one
 * write and one flush. An event gets its number in that same step: nobody hears of one that is not on the disk, and no number
 * is used twice or left out.
 */
export class SessionJournal {
	readonly #options: JournalOptions;
	#state: SessionState;
	#waiting: Waiting[] = [];
	#writing: Promise<void> | null = null;
	#closed = false;

	constructor(options: JournalOptions) {
		this.#options = options;
		this.#state = options.state;
	}

	/** The session as it is on the disk. */
	get state(): SessionState {
		return this.#state;
	}

	/** True while changes are being written. */
	get busy(): boolean {
		return this.#writing !== null;
	}

	/** Resolves when the events are on the disk and published, or with why they are not. */
	commit(change: Change): Promise<Outcome<readonly SessionEvent[]>> {
		if (this.#closed) {
			return Promise.resolve(failed("unavailable", "The session is being closed. Try again in a moment.", { retryAfterMs: 1000 }));
		}
		return new Promise((resolve) => {
			this.#waiting.push({ change, resolve });
			this.#writing ??= this.#write();
		});
	}

	/** Takes no changes any more and waits for those that were taken. */
	async close(): Promise<void> {
		this.#closed = true;
		await this.#writing;
	}

	async #write(): Promise<void> {
		// Lets everything that is asked for in this moment share the first flush too.
		await Promise.resolve();
		while (this.#waiting.length > 0) {
			await this.#writeBatch(this.#waiting.splice(0));
		}
		// In the same step as the last look at what waits: a change that comes now starts the next write.
		this.#writing = null;
	}

	async #writeBatch(batch: readonly Waiting[]): Promise<void> {
		const at = this.#options.now().toISOString();
		const answers: (() => void)[] = [];
		const events: SessionEvent[] = [];
		let state = this.#state;
		for (const { change, resolve } of batch) {
			const nextSeq = state.file.metadata.lastSeq + 1;
			const drafts = this.#decide(change, { state, nextSeq, at });
			if (!drafts.ok) {
				answers.push(() => resolve(drafts));
				continue;
			}
			const made = drafts.value.map((draft, index) => envelop(state, draft, nextSeq + index, at));
			state = made.reduce(applyEvent, state);
			events.push(...made);
			answers.push(() => resolve(done(made)));
		}
		if (events.length > 0) {
			try {
				await this.#options.log.append(events.map(eventLine).join(""));
			} catch (error) {
				this.#options.onFailure(error);
				for (const { resolve } of batch) {
					resolve(unwritten(error));
				}
				return;
			}
			this.#state = state;
			this.#options.onEvents(events, state);
		}
		for (const answer of answers) {
			answer();
		}
	}

	#decide(change: Change, basis: ChangeBasis): Outcome<readonly DraftEvent[]> {
		try {
			return change(basis);
		} catch (error) {
			this.#options.onFailure(error);
			return failed("internal", "The change could not be made because of a mistake in the daemon. Its log says more.");
		}
	}
}

/** Why something could not be stored, for the one who asked for it. */
export function unwritten(error: unknown): Outcome<never> {
	const code = error instanceof Error && "code" in error ? error.code : undefined;
	const full = code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG";
	const what = full ? "The disk is full" : "The disk did not take it";
	return failed("unavailable", `${what}, so nothing was changed. ${full ? "Free some space" : "Check the disk"} and try again.`, {
		retryAfterMs: 5000,
	});
}

function envelop(state: SessionState, { event, clientId }: DraftEvent, seq: number, at: string): SessionEvent {
	const { id: sessionId, metadata } = state.file;
	return { v: 1, seq, id: formatCursor(metadata.epoch, seq), sessionId, at, ...(clientId === undefined ? {} : { clientId }), ...event };
}
