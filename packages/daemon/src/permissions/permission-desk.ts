import type { SessionEvent } from "@opta/contracts/schema/daemon-events";
import type { PendingPermission, PermissionAnswer, PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import { v7 as newId } from "uuid";
import { done, failed, type Outcome } from "../sessions/outcome.ts";
import type { SessionJournal } from "../sessions/session-journal.ts";

/** Node's timers know no longer time. */
const maxTimerMs = 2_147_483_647;
/** After this time an answer that the disk refused is tried once more. */
const retryMs = 5000;

/** A question for a person. */
export type PermissionQuestion = Omit<PendingPermission, "id" | "sessionId" | "requestedAt" | "expiresAt">;

/** What a desk works with. */
export interface PermissionDeskOptions {
	readonly journal: Pick<SessionJournal, "commit" | "state">;
	readonly timeoutMs: () => number;
	readonly now: () => Date;
}

/**
 * Where a session's questions wait for a person. Each is state in the session's log from the moment it is asked until the first
 * answer, its time limit or its turn's end; whoever comes later is told how it ended.
 */
export class PermissionDesk {
	readonly #options: PermissionDeskOptions;
	readonly #timers = new Map<string, NodeJS.Timeout>();
	readonly #waiters = new Map<string, (resolution: PermissionResolution | null) => void>();
	/** Questions of an earlier daemon that its turn, which goes on, has not asked for again. */
	readonly #inherited = new Map<string, PendingPermission>();
	/** Answers to those that came before it did, by call. */
	readonly #early = new Map<string, PermissionResolution>();

	/** Questions that are open already keep their time limit, and their answer is kept for the turn that goes on. */
	constructor(options: PermissionDeskOptions) {
		this.#options = options;
		for (const pending of options.journal.state.file.permissions) {
			this.#arm(pending);
			this.#inherited.set(pending.id, pending);
		}
	}

	/**
	 * Asks, or waits for the question about this call that is open already, or was when the daemon ended; null when the signal came
	 * first or nothing could be stored.
	 */
	async request(question: PermissionQuestion, signal: AbortSignal): Promise<PermissionResolution | null> {
		const { journal, now, timeoutMs } = this.#options;
		const { id: sessionId, permissions } = journal.state.file;
		const key = callKey(question);
		const open = permissions.find((pending) => callKey(pending) === key);
		if (signal.aborted) {
			return null;
		}
		if (open !== undefined) {
			this.#inherited.delete(open.id);
			return this.#wait(open.id, signal);
		}
		const early = this.#early.get(key);
		if (early !== undefined) {
			this.#early.delete(key);
			return early;
		}
		const asked = now();
		const expiresAt = new Date(asked.getTime() + timeoutMs()).toISOString();
		const pending: PendingPermission = { ...question, id: newId(), sessionId, requestedAt: asked.toISOString(), expiresAt };
		this.#arm(pending);
		const answer = this.#wait(pending.id, signal);
		const stored = await journal.commit(({ state }) => {
			const runs = state.turns.some(({ turnId, begun }) => begun && turnId === question.turnId);
			return runs && !signal.aborted
				? done([{ event: { type: "permission.request", data: { turnId: question.turnId, permission: pending } } }])
				: failed("cancelled", "The turn was cancelled.");
		});
		if (!stored.ok) {
			this.#settle(pending.id, null);
		}
		return answer;
	}

	/** Takes an answer. `by`: the client's name, for people. */
	async answer(
		answer: PermissionAnswer,
		by: string,
		clientId?: string,
	): Promise<Outcome<{ pending: PendingPermission; resolution: PermissionResolution }>> {
		let given: { pending: PendingPermission; resolution: PermissionResolution } | null = null;
		const stored = await this.#options.journal.commit(({ state }) => {
			const pending = state.file.permissions.find(({ id }) => id === answer.permissionId);
			if (pending === undefined) {
				const resolution = state.resolved.find(({ permissionId }) => permissionId === answer.permissionId);
				return resolution === undefined
					? failed("not_found", "There is no such question. Read the list of pending ones again.")
					: failed("conflict", lateMessage(resolution), { details: { resolution } });
			}
			const scope = answer.scope ?? "once";
			if (!pending.scopes.includes(scope)) {
				return failed("invalid_request", `This can be answered for: ${pending.scopes.join(", ")}.`);
			}
			const { permissionId, decision } = answer;
			const text = answer.answer === undefined ? {} : { answer: answer.answer };
			const resolution: PermissionResolution = { permissionId, decision, scope, ...text, by, cause: "answered" };
			given = { pending, resolution };
			const event = { type: "permission.resolved" as const, data: { ...resolution, turnId: pending.turnId } };
			return done([{ event, ...(clientId === undefined ? {} : { clientId }) }]);
		});
		if (!stored.ok) {
			return stored;
		}
		return given === null ? failed("internal", "The answer was stored without its question.") : done(given);
	}

	/** Is told of everything that is on the disk. */
	observe(events: readonly SessionEvent[]): void {
		for (const event of events) {
			if (event.type === "permission.resolved") {
				const { turnId: _turnId, ...resolution } = event.data;
				this.#keepEarly(resolution);
				this.#settle(resolution.permissionId, resolution);
			}
		}
	}

	/** Lets nobody wait any more; the questions stay open in the log. */
	close(): void {
		for (const id of [...this.#timers.keys(), ...this.#waiters.keys()]) {
			this.#settle(id, null);
		}
	}

	#keepEarly(resolution: PermissionResolution): void {
		const pending = this.#inherited.get(resolution.permissionId);
		if (pending !== undefined) {
			this.#inherited.delete(pending.id);
			this.#early.set(callKey(pending), resolution);
		}
	}

	#wait(id: string, signal: AbortSignal): Promise<PermissionResolution | null> {
		return new Promise((resolve) => {
			const onAbort = (): void => this.#waiters.get(id)?.(null);
			this.#waiters.set(id, (resolution) => {
				this.#waiters.delete(id);
				signal.removeEventListener("abort", onAbort);
				resolve(resolution);
			});
			signal.addEventListener("abort", onAbort, { once: true });
		});
	}

	#settle(id: string, resolution: PermissionResolution | null): void {
		clearTimeout(this.#timers.get(id));
		this.#timers.delete(id);
		this.#waiters.get(id)?.(resolution);
	}

	#arm({ id, expiresAt }: PendingPermission, leastMs = 0): void {
		const leftMs = Math.max(leastMs, new Date(expiresAt).getTime() - this.#options.now().getTime());
		const expire = (): void => {
			if (leftMs > maxTimerMs) {
				this.#arm({ id, expiresAt } as PendingPermission);
			} else {
				void this.#expire(id);
			}
		};
		this.#timers.set(id, setTimeout(expire, Math.min(leftMs, maxTimerMs)));
	}

	async #expire(id: string): Promise<void> {
		const stored = await this.#options.journal.commit(({ state }) => {
			const pending = state.file.permissions.find((permission) => permission.id === id);
			const resolution = { permissionId: id, decision: "deny", scope: "once", by: "the time limit", cause: "timed_out" } as const;
			return done(
				pending === undefined ? [] : [{ event: { type: "permission.resolved", data: { ...resolution, turnId: pending.turnId } } }],
			);
		});
		const pending = this.#options.journal.state.file.permissions.find((permission) => permission.id === id);
		if (!stored.ok && pending !== undefined && this.#timers.has(id)) {
			this.#arm(pending, retryMs);
		}
	}
}

function callKey({ turnId, callId, kind }: Pick<PendingPermission, "turnId" | "callId" | "kind">): string {
	return [turnId, callId, kind].join(" ");
}

function lateMessage({ decision, by, cause }: PermissionResolution): string {
	if (cause === "timed_out") {
		return "The time to answer was over, so it was denied.";
	}
	return cause === "cancelled" ? "The turn was cancelled before the answer came." : `${by} was first and said: ${decision}.`;
}
