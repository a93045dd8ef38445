import type { CreateTurn, TurnAccepted } from "@opta/contracts/schema/daemon-session";
import { formatCursor } from "../hub/event-cursor.ts";
import type { Caller } from "../sessions/caller.ts";
import { done, failed, type Outcome } from "../sessions/outcome.ts";
import type { Change, SessionJournal } from "../sessions/session-journal.ts";
import { begunTurn, type StoredTurn } from "../sessions/session-state.ts";
import { acceptTurn } from "./accept-turn.ts";
import { canResume, resumeTurn } from "./resume-turn.ts";
import { cancelledEnd, runAgent } from "./run-agent.ts";
import { storeChange } from "./store-change.ts";
import { beginTurn, closePermissions, dropTurn, endTurn } from "./turn-events.ts";
import type { TurnContext, TurnEnd, TurnRunner } from "./turn-runner.ts";

/** Bounds of a session's turns. */
export interface TurnLimits {
	/** Turns that wait behind the one that runs. */
	readonly maxQueued: number;
	/** How long an agent that was told to stop may take; then its turn is over without it. */
	readonly cancelGraceMs: number;
	/** The same while the daemon ends. */
	readonly closeGraceMs: number;
	/** Wait before something that the disk refused is tried again; doubles up to thirty times of it. */
	readonly retryMs: number;
}

/** Bounds where nothing else is said. */
export const defaultTurnLimits: TurnLimits = { maxQueued: 32, cancelGraceMs: 10_000, closeGraceMs: 3000, retryMs: 1000 };

/** What a session's turns work with. */
export interface SessionTurnsOptions {
	readonly journal: Pick<SessionJournal, "commit" | "state">;
	readonly runner: Pick<TurnRunner, "run">;
	readonly context: (turn: { turnId: string; model: string; signal: AbortSignal; open: () => boolean }) => TurnContext;
	/** False while the daemon lets turns end: none begins. */
	readonly accepting: () => boolean;
	/** Told when a turn has ended or nothing is left to do. */
	readonly onSettled: (end: TurnEnd | null) => void;
	/** Told of an agent that threw, which is a mistake. */
	readonly onBroken: (error: unknown) => void;
	readonly limits?: Partial<TurnLimits>;
}

/** Stands for a turn where the session is kept busy without one. */
const betweenTurns = "";

/** What has the session for itself: a turn, or work between turns. */
interface Active {
	readonly turnId: string;
	readonly abort: AbortController;
	cancelled: boolean;
	/** False: its agent may not write any more. */
	open: boolean;
	finished: Promise<void>;
}

/** The turns of one session, one after the other. Whatever happens, no two are active at a time, and each ends once. */
export class SessionTurns {
	readonly #options: SessionTurnsOptions;
	readonly #limits: TurnLimits;
	readonly #closing = new AbortController();
	#active: Active | null = null;

	constructor(options: SessionTurnsOptions) {
		this.#options = options;
		this.#limits = { ...defaultTurnLimits, ...options.limits };
	}

	/** True while a turn runs or waits for a person, or the session is kept busy otherwise. */
	get active(): boolean {
		return this.#active !== null;
	}

	/** Lets turns go on that are there already. */
	start(): void {
		this.#next();
	}

	/** Takes a turn; resolves when it is on the disk. */
	async submit(body: CreateTurn, idempotencyKey: string | null, { clientId }: Pick<Caller, "clientId">): Promise<Outcome<TurnAccepted>> {
		const { journal, accepting } = this.#options;
		const { maxQueued } = this.#limits;
		let accepted: TurnAccepted | null = null;
		const stored = await journal.commit((basis) => {
			const occupied = this.#active?.turnId === betweenTurns;
			const outcome = acceptTurn(basis, { body, idempotencyKey, clientId, occupied, accepting: accepting(), maxQueued });
			if (!outcome.ok) {
				return outcome;
			}
			const { turnId, seq, drafts } = outcome.value;
			accepted = { turnId, seq, eventId: formatCursor(basis.state.file.metadata.epoch, seq) };
			return done(drafts);
		});
		this.#next();
		if (!stored.ok) {
			return stored;
		}
		return accepted === null ? failed("internal", "The turn was stored without its number.") : done(accepted);
	}

	/** Cancels one turn, or the running one and all that wait. Those that wait are over when it resolves; the running one is told to stop. */
	async cancel(turnId: string | undefined, by: string): Promise<Outcome<{ cancelled: string[] }>> {
		const meant = (id: string): boolean => turnId === undefined || turnId === id;
		const cancelled: string[] = [];
		const stored = this.#options.journal.commit(({ state, at }) => {
			const active = state.turns.filter((turn) => meant(turn.turnId) && turn.turnId === this.#active?.turnId);
			const waiting = state.turns.filter((turn) => meant(turn.turnId) && turn.turnId !== this.#active?.turnId && !turn.begun);
			cancelled.push(...[...active, ...waiting].map((turn) => turn.turnId));
			return done([...active.flatMap((turn) => closePermissions(state, turn.turnId, by)), ...waiting.map((turn) => dropTurn(turn, at))]);
		});
		this.#abortActive(meant);
		const outcome = await stored;
		if (!outcome.ok) {
			return outcome;
		}
		// One that was not the active one yet when the cancel was asked for.
		this.#abortActive((id) => cancelled.includes(id));
		return done({ cancelled });
	}

	/** Runs something that no turn may run beside; `conflict` while one does. A cancel aborts it. */
	async exclusive<T>(job: (signal: AbortSignal) => Promise<Outcome<T>>): Promise<Outcome<T>> {
		const { journal } = this.#options;
		if (journal.state.turns.length === 0 && this.#active !== null && this.#active.turnId !== betweenTurns) {
			await this.#active.finished;
		}
		if (this.#active !== null || journal.state.turns.length > 0) {
			return failed("conflict", "A turn is running. Wait for its end, or cancel it first.");
		}
		const active = this.#activate(betweenTurns);
		const work = job(active.abort.signal);
		active.finished = work.then(
			() => undefined,
			() => undefined,
		);
		try {
			return await work;
		} finally {
			this.#active = null;
			this.#options.onSettled(null);
			this.#next();
		}
	}

	/** Resolves when nothing is active. */
	async settled(): Promise<void> {
		while (this.#active !== null) {
			await this.#active.finished;
		}
	}

	/** Stops. A turn that waits for a person stays as it is for the next daemon; one that runs is interrupted. */
	async close(): Promise<void> {
		this.#closing.abort();
		const active = this.#active;
		if (active === null) {
			return;
		}
		if (canResume(this.#options.journal.state)) {
			active.open = false;
		}
		active.abort.abort();
		await active.finished;
	}

	#activate(turnId: string): Active {
		const active: Active = { turnId, abort: new AbortController(), cancelled: false, open: true, finished: Promise.resolve() };
		this.#active = active;
		return active;
	}

	#abortActive(meant: (turnId: string) => boolean): void {
		if (this.#active !== null && meant(this.#active.turnId)) {
			this.#active.cancelled = true;
			this.#active.abort.abort();
		}
	}

	#next(): void {
		if (this.#active !== null || this.#closing.signal.aborted || !this.#options.accepting()) {
			return;
		}
		const { state } = this.#options.journal;
		const turn = begunTurn(state) ?? state.turns[0];
		if (turn === undefined) {
			return;
		}
		const active = this.#activate(turn.turnId);
		active.finished = this.#runTurn(active, turn).finally(() => {
			this.#active = null;
			this.#next();
		});
	}

	async #runTurn(active: Active, turn: StoredTurn): Promise<void> {
		const begins = performance.now();
		if (!(await this.#begin(active, turn))) {
			this.#options.onSettled(null);
			return;
		}
		const end = active.abort.signal.aborted ? cancelledEnd : await this.#runAgent(active, turn);
		if (!active.open && this.#closing.signal.aborted) {
			return;
		}
		active.open = false;
		const interrupted = this.#closing.signal.aborted && !active.cancelled;
		const told = interrupted
			? { interrupted: "The daemon was stopped while this turn ran. Send a message to go on." }
			: settle(active, end);
		await this.#store((basis) => done(endTurn(basis, turn.turnId, told, Math.round(performance.now() - begins))));
		this.#options.onSettled("interrupted" in told ? null : told);
	}

	/** True when the turn is begun and to be run. Where the disk refuses, it is tried again until it does not. */
	async #begin(active: Active, turn: StoredTurn): Promise<boolean> {
		const { turnId } = turn;
		await this.#store((basis) => {
			const { state, at } = basis;
			const now = state.turns.find((other) => other.turnId === turnId);
			if (now === undefined || (!now.begun && this.#closing.signal.aborted)) {
				return done([]);
			}
			if (active.cancelled) {
				return done(now.begun ? endTurn(basis, turnId, cancelledEnd, 0) : [dropTurn(now, at)]);
			}
			return done(now.begun ? resumeTurn(basis) : beginTurn(basis, now));
		});
		return this.#options.journal.state.turns.some((other) => other.turnId === turnId && other.begun);
	}

	#store(change: Change): Promise<void> {
		return storeChange(this.#options.journal, change, { retryMs: this.#limits.retryMs, giveUp: this.#closing.signal });
	}

	#runAgent(active: Active, turn: StoredTurn): Promise<TurnEnd> {
		const { signal } = active.abort;
		const model = turn.model ?? this.#options.journal.state.file.metadata.model;
		const context = this.#options.context({ turnId: turn.turnId, model, signal, open: () => active.open });
		const graceMs = (): number => (this.#closing.signal.aborted ? this.#limits.closeGraceMs : this.#limits.cancelGraceMs);
		return runAgent(this.#options.runner, context, graceMs, this.#options.onBroken);
	}
}

/** A turn that was cancelled is cancelled, whatever its agent made of the signal. */
function settle(active: Active, end: TurnEnd): TurnEnd {
	return active.cancelled || (!end.ok && end.code === "cancelled") ? { ok: true, reason: "cancelled", usage: end.usage } : end;
}
