import { z } from "zod";
import { remoteGrants } from "../reach.ts";

/** What `GET /v3/health` says to anybody: that it is a daemon, and which. */
export const daemonHealthSchema = z.object({
	service: z.literal("opta-daemon"),
	build: z.string(),
	api: z.object({ lmx: z.int(), daemon: z.int(), gateway: z.int() }),
	/** The oldest interface that it still speaks with. */
	oldestApi: z.object({ daemon: z.int() }),
});

/** `daemon/state.json`, mode 0600: how processes of the same user find the daemon. The token is new at every start. */
export const daemonStateSchema = z.object({
	port: z.int(),
	pid: z.int(),
	/** When that process started, as the system tells it: tells a reused pid. */
	processStartedAt: z.string(),
	token: z.string(),
	build: z.string(),
	startedAt: z.iso.datetime(),
});

/** Something that may not grow without bound: what it is now and where it stops. */
export const ceilingSchema = z.object({ used: z.number(), limit: z.number() });

/** How the link of this computer to its host is. `refused` needs the person; `waiting` tries again by itself. */
export const linkStateSchema = z.discriminatedUnion("state", [
	z.object({ state: z.literal("off") }),
	z.object({ state: z.literal("signedOut") }),
	z.object({ state: z.literal("connecting") }),
	z.object({ state: z.literal("joined"), via: z.enum(["lan", "door"]), address: z.string(), since: z.iso.datetime() }),
	z.object({ state: z.literal("waiting"), reason: z.string(), nextTryAt: z.iso.datetime() }),
	z.object({ state: z.literal("refused"), reason: z.string() }),
]);

/** Something that was done from elsewhere. `status` is null while it goes on. */
export const remoteUseSchema = z.object({
	at: z.iso.datetime(),
	requestId: z.string(),
	method: z.string(),
	route: z.string(),
	status: z.int().nullable(),
	clientName: z.string(),
});

/** Whether and how this computer's sessions can be followed from elsewhere. */
export const reachStatusSchema = z.object({
	host: z.object({ id: z.uuid(), name: z.string().nullable() }).nullable(),
	allow: z.array(z.enum(remoteGrants)),
	link: linkStateSchema,
	/** Newest first; bounded. */
	lastUses: z.array(remoteUseSchema),
});

/** Answer of `GET /v3/status`. */
export const daemonStatusSchema = daemonHealthSchema.extend({
	pid: z.int(),
	startedAt: z.iso.datetime(),
	address: z.string(),
	home: z.string(),
	sessions: z.object({ total: z.int(), loaded: ceilingSchema, running: z.int(), waiting: z.int() }),
	clients: ceilingSchema,
	memoryBytes: ceilingSchema,
	logBytes: ceilingSchema,
	/** Processes that the daemon has started and will end: shells, MCP and language servers, browsers. */
	children: z.array(z.object({ pid: z.int(), kind: z.string(), name: z.string(), sessionId: z.string().nullable() })),
	childLimit: z.int(),
	/** Where models are asked, and whether they answer. */
	model: z.object({
		provider: z.enum(["lmx", "anthropic"]),
		address: z.string().nullable(),
		reachable: z.boolean(),
		problem: z.string().nullable(),
		/** Only loopback and the configured LMX address may be reached. */
		localOnly: z.boolean(),
		/** Share of prompt tokens that the model did not have to read again, since the daemon started; null before the first. */
		cacheHitRate: z.number().nullable(),
	}),
	sandbox: z.object({ kind: z.enum(["bubblewrap", "sandbox-exec", "none"]), note: z.string().nullable() }),
	reach: reachStatusSchema,
	draining: z.boolean(),
});

/** What was measured of a model when it was first used; `GET /v3/models`. */
export const modelProbeSchema = z.object({
	contextTokens: z.int().nullable(),
	/** Calls come as such; calls come as text that is parsed; none come. */
	tools: z.enum(["native", "text", "none"]),
	promptTokensPerSecond: z.number().nullable(),
	tokensPerSecond: z.number().nullable(),
	measuredAt: z.iso.datetime(),
});

/** Answer of `GET /v3/models`. */
export const daemonModelsSchema = z.object({
	models: z.array(
		z.object({
			id: z.string(),
			provider: z.enum(["lmx", "anthropic"]),
			state: z.string().nullable(),
			vision: z.boolean(),
			probe: modelProbeSchema.nullable(),
		}),
	),
	default: z.string(),
	/** Why the list is not whole. */
	problem: z.string().nullable(),
});

/** Answer of `GET /v3/tools`. */
export const daemonToolsSchema = z.object({
	tools: z.array(
		z.object({
			name: z.string(),
			description: z.string(),
			kind: z.enum(["read", "edit", "execute", "network", "interact"]),
			inputSchema: z.record(z.string(), z.unknown()),
			/** The MCP server that brings it; null for our own. */
			server: z.string().nullable(),
		}),
	),
	servers: z.array(
		z.object({
			name: z.string(),
			state: z.enum(["starting", "ready", "failed", "needs_sign_in", "off"]),
			problem: z.string().nullable(),
			tools: z.int(),
		}),
	),
});

/** Body of `POST /v3/pair`: the code that a terminal shows, typed into the other client. */
export const pairRequestSchema = z.strictObject({ code: z.string().min(4).max(32), name: z.string().min(1).max(100) });

/** Answer of `POST /v3/pair`: a token for this client and its origin, until it is revoked. */
export const pairedClientSchema = z.object({ clientId: z.string(), token: z.string() });

/** Answer of `POST /v3/pair/code` (with the daemon's own token): shown to the person. */
export const pairCodeSchema = z.object({ code: z.string(), expiresAt: z.iso.datetime() });

/** Answer of `GET /v3/clients`. */
export const clientListSchema = z.object({
	clients: z.array(
		z.object({
			clientId: z.string(),
			name: z.string(),
			origin: z.string().nullable(),
			pairedAt: z.iso.datetime(),
			lastSeenAt: z.iso.datetime().nullable(),
		}),
	),
});

/** Body of `POST /v3/vault/pull`. */
export const vaultPullSchema = z.strictObject({
	dryRun: z.boolean().default(false),
	/** Who is signed in on this computer, with an access token of accounts for this one pull; it is neither kept nor logged. */
	account: z.strictObject({ userId: z.uuid(), accessToken: z.string().min(1).max(8192) }),
});

/** Body of `POST /v3/shutdown`: so long may running turns go on before they are interrupted. */
export const shutdownSchema = z.strictObject({ drainMs: z.int().min(0).max(3_600_000).default(0) });

/** Body of `PATCH /v3/config`: values by dotted names (`agent.maxSteps`); null removes one. */
export const configPatchSchema = z.record(z.string().max(200), z.unknown());

/** Answer of `GET` and `PATCH /v3/config`: what holds now, without secrets. */
export const daemonConfigSchema = z.object({
	config: z.record(z.string(), z.unknown()),
	hasAdminKey: z.boolean(),
	/** For people: older names, what is ignored, why a changed file is not in use. */
	notices: z.array(z.string()),
	/** The user's file. */
	file: z.string(),
});

/** What a pull changed, each by name; never a value. */
export const vaultPullResultSchema = z.object({
	changes: z.array(
		z.object({ name: z.string(), change: z.enum(["added", "updated", "removed", "unchanged"]), configured: z.string().nullable() }),
	),
	dryRun: z.boolean(),
});

/** What anybody may know of a daemon. */
export type DaemonHealth = z.infer<typeof daemonHealthSchema>;
/** `daemon/state.json`. */
export type DaemonState = z.infer<typeof daemonStateSchema>;
/** State of a daemon. */
export type DaemonStatus = z.infer<typeof daemonStatusSchema>;
/** How the link to the host is. */
export type LinkState = z.infer<typeof linkStateSchema>;
/** Something that was done from elsewhere. */
export type RemoteUse = z.infer<typeof remoteUseSchema>;
/** Whether and how this computer's sessions can be followed from elsewhere. */
export type ReachStatus = z.infer<typeof reachStatusSchema>;
/** Models that sessions can use. */
export type DaemonModels = z.infer<typeof daemonModelsSchema>;
/** What was measured of a model. */
export type ModelProbe = z.infer<typeof modelProbeSchema>;
/** Tools that sessions can use. */
export type DaemonTools = z.infer<typeof daemonToolsSchema>;
/** Paired clients. */
export type ClientList = z.infer<typeof clientListSchema>;
/** Asks for a vault pull. */
export type VaultPull = z.input<typeof vaultPullSchema>;
/** Configuration as the daemon uses it. */
export type DaemonConfig = z.infer<typeof daemonConfigSchema>;
/** What a vault pull changed. */
export type VaultPullResult = z.infer<typeof vaultPullResultSchema>;
