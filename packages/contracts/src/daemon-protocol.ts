/** The daemon's preferred port and those it takes when that is busy. */
export const daemonPorts = { preferred: 9999, fallbackFirst: 10_000, fallbackLast: 10_020 } as const;

/** Sub-protocols of `WS /v3/ws`: the protocol itself, and the token behind this prefix (never in the address). */
export const daemonSocketProtocol = "opta.daemon.v3";
/** Prefix of the sub-protocol that carries the token. */
export const daemonSocketTokenPrefix = "opta.token.";

/** Headers of the daemon's HTTP interface. */
export const daemonHeaders = {
	/** UUID that a client chose for itself; shown to others, trusted for nothing. */
	clientId: "x-opta-client-id",
	/** For people: `terminal`, `desktop`, `phone`. */
	clientName: "x-opta-client-name",
	idempotencyKey: "idempotency-key",
} as const;

/** Types of events that have no id and may be lost. */
export const volatileEventTypes = ["turn.token", "tool.output", "turn.progress"] as const;

/** What a session's agent may do without asking: only look; ask before changes; edit files freely; anything that no rule denies or asks for. */
export const permissionModes = ["plan", "ask", "edit", "auto"] as const;

/** Exit codes of `opta do` and of scripts' commands. */
export const exitCodes = {
	ok: 0,
	/** The task or command failed. */
	failed: 1,
	/** Wrong flags or arguments. */
	usage: 2,
	/** The configuration has an error. */
	configuration: 3,
	/** Daemon, host or model could not be reached. */
	unreachable: 4,
	/** A permission was needed and nobody could be asked, or it was denied. */
	denied: 5,
	/** The model's limit of steps or context was reached before the end. */
	limit: 6,
	/** Stopped by SIGINT (128 + 2). */
	interrupted: 130,
} as const;
