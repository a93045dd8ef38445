import type { EventList } from "@opta/contracts/schema/daemon-events";
import type { PendingPermission, PermissionAnswer, PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import type {
	CreateSession,
	CreateTurn,
	RewindResult,
	SessionInfo,
	SessionList,
	SessionSnapshot,
	TurnAccepted,
	UpdateSession,
} from "@opta/contracts/schema/daemon-session";
import type { StreamSink, Subscription } from "../hub/stream-sink.ts";
import type { Caller } from "./caller.ts";
import type { Outcome } from "./outcome.ts";

/** Which sessions to list; the query of `GET /v3/sessions`. */
export interface SessionFilter {
	/** Words that all have to be in title or messages. */
	readonly query?: string;
	/** Absolute path. */
	readonly workspace?: string;
	readonly trashed?: boolean;
	/** 50 when missing. */
	readonly limit?: number;
	readonly cursor?: string;
}

/** How many sessions there are. */
export interface SessionCounts {
	/** Without the trash. */
	readonly total: number;
	/** In memory, and how many may be. */
	readonly loaded: { readonly used: number; readonly limit: number };
	readonly running: number;
	readonly waiting: number;
	/** Readers of events of all sessions. */
	readonly subscribers: number;
}

/**
 * Everything that clients do with sessions. Bodies are those of the contracts, parsed by the server. No method rejects: what
 * could not be done is a value. A session that the caller may not see is `not_found`; what the disk refuses is `unavailable`.
 */
export interface Sessions {
	readonly list: (filter: SessionFilter, caller: Caller) => Promise<Outcome<SessionList>>;
	readonly create: (body: CreateSession, caller: Caller) => Promise<Outcome<SessionSnapshot>>;
	readonly read: (sessionId: string, caller: Caller) => Promise<Outcome<SessionSnapshot>>;
	readonly update: (sessionId: string, body: UpdateSession, caller: Caller) => Promise<Outcome<SessionInfo>>;
	/** To the trash; a running turn is cancelled first. */
	readonly trash: (sessionId: string, caller: Caller) => Promise<Outcome<SessionInfo>>;
	/** Back from the trash. */
	readonly restore: (sessionId: string, caller: Caller) => Promise<Outcome<SessionInfo>>;
	readonly fork: (sessionId: string, body: { messageId?: string; title?: string }, caller: Caller) => Promise<Outcome<SessionSnapshot>>;
	/** `conflict` while a turn runs. */
	readonly rewind: (
		sessionId: string,
		body: { messageId: string; what?: "conversation" | "files" | "both" },
		caller: Caller,
	) => Promise<Outcome<RewindResult>>;
	/** Compacts by hand; `conflict` while a turn runs. */
	readonly compact: (sessionId: string, caller: Caller) => Promise<Outcome<SessionInfo>>;
	/** Unified diff of what the session changed in files. */
	readonly diff: (sessionId: string, caller: Caller) => Promise<Outcome<string>>;
	readonly export: (sessionId: string, format: "markdown" | "json", caller: Caller) => Promise<Outcome<string>>;
	/** Parsed JSON: a file of `export` with `json`, or an older one (`id`, `title`, `messages`, `metadata`). Gets a new id where one with its id is there. */
	readonly import: (file: unknown, caller: Caller) => Promise<Outcome<SessionSnapshot>>;

	/** Resolves when `turn.queued` is on disk. The same key gets the same answer; the same key with another body is a `conflict`. */
	readonly createTurn: (
		sessionId: string,
		body: CreateTurn,
		idempotencyKey: string | null,
		caller: Caller,
	) => Promise<Outcome<TurnAccepted>>;
	/** Cancels a turn, or the running one and all that wait. Idempotent; names those that it ends. */
	readonly cancel: (sessionId: string, turnId: string | undefined, caller: Caller) => Promise<Outcome<{ cancelled: string[] }>>;

	/** Durable events after a cursor (`0`: from the first). */
	readonly events: (sessionId: string, after: string, limit: number, caller: Caller) => Promise<Outcome<EventList>>;
	/** Replays what is after the cursor (missing: nothing, `0`: everything), then `replay.complete`, then what happens. */
	readonly subscribe: (sessionId: string, after: string | undefined, sink: StreamSink, caller: Caller) => Promise<Outcome<Subscription>>;
	/** Tells of each session whose entry in the list changed and that the caller may see; returns how to stop. */
	readonly onChanged: (listener: (sessionId: string) => void, caller: Caller) => () => void;

	/** What waits for a person, of one session or of all. */
	readonly permissions: (sessionId: string | undefined, caller: Caller) => Promise<Outcome<PendingPermission[]>>;
	/** The first answer wins; `conflict` for later ones, with `details.resolution`. */
	readonly answerPermission: (answer: PermissionAnswer, caller: Caller) => Promise<Outcome<PermissionResolution>>;

	readonly counts: () => SessionCounts;
	/** Takes no turns any more and waits until none runs, at most so long; true when all ended. Turns that wait for a person are left for the next start. */
	readonly drain: (limitMs: number) => Promise<boolean>;
	/** Stops turns so that they are interrupted or go on at the next start, ends subscribers, writes snapshots, closes files. */
	readonly close: () => Promise<void>;
}
