import type { EventList, SocketServerFrame, StreamEvent } from "@opta/contracts/schema/daemon-events";
import type { PendingPermission, PermissionAnswer, PermissionResolution } from "@opta/contracts/schema/daemon-permission";
import type {
	CreateSession,
	CreateTurn,
	RewindResult,
	SessionFile,
	SessionInfo,
	SessionList,
	SessionSnapshot,
	TurnAccepted,
	UpdateSession,
} from "@opta/contracts/schema/daemon-session";
import type {
	ClientList,
	DaemonConfig,
	DaemonHealth,
	DaemonModels,
	DaemonStatus,
	DaemonTools,
	VaultPull,
	VaultPullResult,
} from "@opta/contracts/schema/daemon-status";
import type { HostResult } from "../host-error.ts";
import type { SessionRecovery } from "../session-recovery.ts";

/** How to reach a daemon: on loopback with its token, or through a host's `/peers/<deviceId>` with a pass. */
export interface DaemonClientOptions {
	/** Without a slash at its end. */
	readonly baseUrl: string;
	/** Asked for each request, since tokens rotate. */
	readonly token: () => string | null;
	/** UUID of this client, for the others to tell who did what. */
	readonly clientId: string;
	readonly clientName: string;
	readonly fetch?: typeof globalThis.fetch;
	/** `events` where no WebSocket can be opened, as through a site; else the WebSocket comes first and events where that is refused. */
	readonly transport?: "socket" | "events";
	/** Called after a 401 `session_expired` of a site; the request is then sent once more. */
	readonly recoverSession?: SessionRecovery;
}

/** What a follower of a session is told. */
export interface SessionFollower {
	/** The session whole: at the start, and whenever the stream could not go on where it was. Everything known before is to be forgotten. */
	readonly onSnapshot: (snapshot: SessionSnapshot) => void;
	/** Each durable event once and in order, volatile ones as they come. */
	readonly onEvent: (event: StreamEvent) => void;
	readonly onConnection?: (state: "connecting" | "live" | "lost", problem: string | null) => void;
}

/** Talks to one daemon. No method throws or rejects: errors are values. */
export interface DaemonClient {
	readonly clientId: string;
	health(signal?: AbortSignal): Promise<HostResult<DaemonHealth>>;
	status(signal?: AbortSignal): Promise<HostResult<DaemonStatus>>;
	listSessions(query?: {
		query?: string;
		workspace?: string;
		trashed?: boolean;
		limit?: number;
		cursor?: string;
	}): Promise<HostResult<SessionList>>;
	createSession(body: CreateSession): Promise<HostResult<SessionSnapshot>>;
	readSession(sessionId: string): Promise<HostResult<SessionSnapshot>>;
	updateSession(sessionId: string, body: UpdateSession): Promise<HostResult<SessionInfo>>;
	/** To the trash. */
	deleteSession(sessionId: string): Promise<HostResult<SessionInfo>>;
	restoreSession(sessionId: string): Promise<HostResult<SessionInfo>>;
	forkSession(sessionId: string, body?: { messageId?: string; title?: string }): Promise<HostResult<SessionSnapshot>>;
	rewindSession(
		sessionId: string,
		body: { messageId: string; what?: "conversation" | "files" | "both" },
	): Promise<HostResult<RewindResult>>;
	compactSession(sessionId: string): Promise<HostResult<SessionInfo>>;
	exportSession(sessionId: string, format: "markdown" | "json"): Promise<HostResult<string>>;
	importSession(file: SessionFile): Promise<HostResult<SessionSnapshot>>;
	/** Unified diff of what the session changed in files, since its start or since a turn. */
	sessionDiff(sessionId: string): Promise<HostResult<string>>;
	/** `idempotencyKey` makes a repeat after a lost answer harmless. */
	createTurn(sessionId: string, body: CreateTurn, idempotencyKey: string): Promise<HostResult<TurnAccepted>>;
	cancel(sessionId: string, turnId?: string): Promise<HostResult<{ cancelled: string[] }>>;
	listEvents(sessionId: string, after: string, limit?: number): Promise<HostResult<EventList>>;
	/** Follows one session over the WebSocket (SSE where that is refused), reconnecting with jitter, until the signal. Resolves after it. */
	followSession(sessionId: string, follower: SessionFollower, signal: AbortSignal): Promise<void>;
	/** Follows changes of the list of sessions, by the WebSocket alone: with the transport `events` it ends at once, and the list is to be asked for again and again. */
	followSessions(onChange: (frame: Extract<SocketServerFrame, { type: "sessions.changed" }>) => void, signal: AbortSignal): Promise<void>;
	listPermissions(sessionId?: string): Promise<HostResult<{ permissions: PendingPermission[] }>>;
	answerPermission(answer: PermissionAnswer): Promise<HostResult<PermissionResolution>>;
	tools(): Promise<HostResult<DaemonTools>>;
	models(): Promise<HostResult<DaemonModels>>;
	readConfig(): Promise<HostResult<DaemonConfig>>;
	/** Values by dotted names; null removes one. */
	patchConfig(change: Record<string, unknown>): Promise<HostResult<DaemonConfig>>;
	createPairCode(): Promise<HostResult<{ code: string; expiresAt: string }>>;
	listClients(): Promise<HostResult<ClientList>>;
	revokeClient(clientId: string): Promise<HostResult<null>>;
	/** `account` is who is signed in: the daemon has no sign-in of its own. */
	pullVault(body: VaultPull): Promise<HostResult<VaultPullResult>>;
	/** Lets running turns end (or cuts them after the time), then stops the daemon. */
	shutdown(options: { drainMs: number }): Promise<HostResult<null>>;
}
