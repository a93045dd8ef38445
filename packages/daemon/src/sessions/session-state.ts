import type { PermissionResolution, PermissionRule } from "@opta/contracts/schema/daemon-permission";
import type { OpenTurn, SessionFile, SessionInfo, SessionSnapshot } from "@opta/contracts/schema/daemon-session";
import { formatCursor } from "../hub/event-cursor.ts";

/** A turn that is not over, as the log tells it. */
export interface StoredTurn extends Omit<OpenTurn, "state" | "position"> {
	readonly mode: "queue" | "steer";
	/** Its message is part of the session: it runs, or ran when the daemon ended. */
	readonly begun: boolean;
}

/** What was answered to an idempotency key. */
export interface StoredKey {
	readonly key: string;
	readonly turnId: string;
	/** Of `turn.queued`. */
	readonly seq: number;
	readonly fingerprint: string;
}

/** A session as its log tells it; `applyEvent` is the only thing that makes a new one of an old one. */
export interface SessionState {
	readonly file: Readonly<SessionFile>;
	/** The one that runs first. */
	readonly turns: readonly StoredTurn[];
	/** Calls of the turn that runs which have begun and have no result. */
	readonly startedCalls: readonly string[];
	/** The latest ones. */
	readonly keys: readonly StoredKey[];
	/** The latest ones. */
	readonly resolved: readonly PermissionResolution[];
	/** What people allowed for the rest of this session. */
	readonly rules: readonly PermissionRule[];
}

/** A session before its first event. */
export function emptyState(sessionId: string, epoch: string, at: string): SessionState {
	return {
		file: {
			id: sessionId,
			title: "",
			metadata: {
				format: 1,
				workspace: "",
				model: "auto",
				mode: "ask",
				createdAt: at,
				updatedAt: at,
				ownerUserId: null,
				deviceId: null,
				named: false,
				parent: null,
				lastSeq: 0,
				epoch,
				messageCount: 0,
				trashedAt: null,
				usage: { promptTokens: 0, cachedTokens: 0, completionTokens: 0 },
			},
			messages: [],
			permissions: [],
			todos: [],
			compaction: null,
		},
		turns: [],
		startedCalls: [],
		keys: [],
		resolved: [],
		rules: [],
	};
}

/** What lists show of a session. */
export function sessionInfo({ file }: SessionState): SessionInfo {
	return { id: file.id, title: file.title, metadata: file.metadata };
}

/** The turn whose message is part of the session and that has not ended. */
export function begunTurn({ turns }: SessionState): StoredTurn | undefined {
	return turns.find(({ begun }) => begun);
}

/** True while its turn needs a person. */
export function isWaiting({ file, turns }: SessionState): boolean {
	return turns.length > 0 && file.permissions.length > 0;
}

/** The session as clients get it. */
export function sessionSnapshot(state: SessionState): SessionSnapshot {
	const waiting = new Set(state.file.permissions.map(({ turnId }) => turnId));
	const behind = begunTurn(state) === undefined ? 1 : 0;
	const turns = state.turns.map(
		({ mode: _mode, begun, ...turn }, index): OpenTurn => ({
			...turn,
			state: begun ? (waiting.has(turn.turnId) ? "waiting" : "running") : "queued",
			position: index + behind,
		}),
	);
	return { ...state.file, turns, lastEventId: formatCursor(state.file.metadata.epoch, state.file.metadata.lastSeq) };
}
