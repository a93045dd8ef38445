import type { CreateTurn } from "@opta/contracts/schema/daemon-session";
import { v7 as newId } from "uuid";
import { turnFingerprint } from "../sessions/apply-event.ts";
import { done, failed, type Outcome } from "../sessions/outcome.ts";
import type { ChangeBasis, DraftEvent } from "../sessions/session-journal.ts";

/** A turn that somebody wants, and what its session is doing beside what its log tells. */
export interface WantedTurn {
	readonly body: CreateTurn;
	readonly idempotencyKey: string | null;
	readonly clientId: string;
	/** Something that is no turn keeps the session busy. */
	readonly occupied: boolean;
	/** False while the daemon lets turns end. */
	readonly accepting: boolean;
	readonly maxQueued: number;
}

/** Takes a turn, names the one that its key stands for already, or says why not. */
export function acceptTurn(
	{ state, nextSeq, at }: ChangeBasis,
	{ body, idempotencyKey, clientId, occupied, accepting, maxQueued }: WantedTurn,
): Outcome<{ readonly turnId: string; readonly seq: number; readonly drafts: readonly DraftEvent[] }> {
	const known = state.keys.find(({ key }) => key === idempotencyKey);
	if (known !== undefined) {
		const { turnId, seq, fingerprint } = known;
		return fingerprint === turnFingerprint(body)
			? done({ turnId, seq, drafts: [] })
			: failed("conflict", "This Idempotency-Key was used for another message. Use a new one.");
	}
	if (state.file.metadata.trashedAt !== null) {
		return failed("conflict", "This session is in the trash. Restore it first.");
	}
	if (!accepting) {
		return failed("unavailable", "The daemon is stopping. Try again in a moment.", { retryAfterMs: 2000 });
	}
	const busy = state.turns.length > 0 || occupied;
	if (busy && body.mode === "reject") {
		return failed("conflict", "A turn is running. Wait for its end, or send this with mode queue or steer.");
	}
	if (state.turns.filter(({ begun }) => !begun).length >= maxQueued) {
		return failed("queue_full", `${maxQueued} messages are waiting already. Wait until one has been answered.`, { retryAfterMs: 5000 });
	}
	const turnId = newId();
	const turn = {
		turnId,
		state: "queued" as const,
		content: body.content,
		clientId,
		...(body.attachments === undefined ? {} : { attachments: body.attachments }),
		...(body.model === undefined ? {} : { model: body.model }),
		queuedAt: at,
		position: state.turns.length,
	};
	const mode = busy && body.mode === "steer" ? "steer" : "queue";
	const data = { turnId, turn, mode, ...(idempotencyKey === null ? {} : { idempotencyKey }) } as const;
	return done({ turnId, seq: nextSeq, drafts: [{ event: { type: "turn.queued", data }, clientId }] });
}
