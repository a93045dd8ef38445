import { z } from "zod";
import { permissionModes } from "../daemon-protocol.ts";
import { attachmentSchema, messageSchema } from "./daemon-message.ts";
import { pendingPermissionSchema } from "./daemon-permission.ts";

/** Life of a turn. `waiting` is a running turn that needs an answer; `interrupted` one that the daemon's end cut off. */
export const turnStates = ["queued", "running", "waiting", "done", "cancelled", "interrupted", "failed"] as const;

/** What to do with a turn while another runs: wait for its end, join it at its next step, or be refused with 409. */
export const turnModes = ["queue", "steer", "reject"] as const;

/** What is known of a session beside its messages. Lists show only this. */
export const sessionInfoSchema = z.object({
	/** UUIDv7. */
	id: z.string(),
	title: z.string(),
	metadata: z.object({
		/** Version of the stored format; older files are migrated with a backup. */
		format: z.literal(1),
		/** Absolute path; where tools work. */
		workspace: z.string(),
		/** As chosen: a model's id or `auto`. */
		model: z.string(),
		mode: z.enum(permissionModes),
		createdAt: z.iso.datetime(),
		updatedAt: z.iso.datetime(),
		/** Account that owns it; null where nobody signed in. */
		ownerUserId: z.string().nullable(),
		deviceId: z.string().nullable(),
		/** True once a person has named it: then no model renames it. */
		named: z.boolean(),
		/** Where it was forked from. */
		parent: z.object({ sessionId: z.string(), messageId: z.string().nullable() }).nullable(),
		/** Of the last durable event that is part of this state. */
		lastSeq: z.int(),
		epoch: z.string(),
		messageCount: z.int(),
		/** When it was put in the trash. */
		trashedAt: z.iso.datetime().nullable(),
		/** Tokens of all turns. */
		usage: z.object({ promptTokens: z.int(), cachedTokens: z.int(), completionTokens: z.int() }),
	}),
});

/** A turn that is not over. */
export const openTurnSchema = z.object({
	turnId: z.string(),
	state: z.enum(["queued", "running", "waiting"]),
	content: z.string(),
	clientId: z.string().nullable(),
	attachments: z.array(attachmentSchema).optional(),
	/** For this turn only. */
	model: z.string().optional(),
	queuedAt: z.iso.datetime(),
	/** 0 runs now. */
	position: z.int(),
});

/** One entry of the agent's list of things to do. */
export const todoSchema = z.object({ text: z.string(), state: z.enum(["pending", "in_progress", "done"]) });

/** Summary that stands for the messages before `beforeMessageId` when the model is asked; the messages stay. */
export const compactionSchema = z.object({ beforeMessageId: z.string(), summary: z.string(), at: z.iso.datetime() });

/**
 * A session whole: `GET /v3/sessions/:id`. The file `<id>.json` holds the same without what only a running daemon knows
 * (`turns`). Subscribing after `lastEventId` misses nothing and repeats nothing.
 */
export const sessionSnapshotSchema = sessionInfoSchema.extend({
	messages: z.array(messageSchema),
	permissions: z.array(pendingPermissionSchema),
	todos: z.array(todoSchema),
	turns: z.array(openTurnSchema),
	compaction: compactionSchema.nullable(),
	/** `<epoch>:<seq>`. */
	lastEventId: z.string(),
});

/** Body of `POST /v3/sessions`. */
export const createSessionSchema = z.strictObject({
	workspace: z.string().min(1).max(4096).describe("Absolute path of an existing folder."),
	title: z.string().max(200).optional(),
	model: z.string().max(200).optional(),
	mode: z.enum(permissionModes).optional(),
	/** Variables for the session's shell commands (PATH, VIRTUAL_ENV, …): those of the terminal it was started in, not the daemon's. */
	environment: z.record(z.string().max(256), z.string().max(65_536)).optional(),
});

/** Body of `PATCH /v3/sessions/:id`. */
export const updateSessionSchema = z.strictObject({
	title: z.string().min(1).max(200).optional(),
	model: z.string().max(200).optional(),
	mode: z.enum(permissionModes).optional(),
});

/** Body of `POST /v3/sessions/:id/turns`. */
export const createTurnSchema = z.strictObject({
	content: z.string().max(2_000_000),
	attachments: z.array(attachmentSchema).max(64).optional(),
	mode: z.enum(turnModes).default("queue"),
	/** For this turn only. */
	model: z.string().max(200).optional(),
});

/** Answer of `POST /v3/sessions/:id/turns`, with 202. `seq` is that of the `turn.queued` event. The same `Idempotency-Key` gets the same answer. */
export const turnAcceptedSchema = z.object({ turnId: z.string(), seq: z.int(), eventId: z.string() });

/** Body of `POST /v3/sessions/:id/cancel`; without a turn, the running one and everything that waits behind it. */
export const cancelTurnSchema = z.strictObject({ turnId: z.string().max(128).optional() });

/** Body of `POST /v3/sessions/:id/fork`: up to and with that message; without one, everything. */
export const forkSessionSchema = z.strictObject({ messageId: z.string().max(128).optional(), title: z.string().max(200).optional() });

/** Body of `POST /v3/sessions/:id/rewind`: back to before that user message was sent. */
export const rewindSessionSchema = z.strictObject({
	messageId: z.string().max(128),
	what: z.enum(["conversation", "files", "both"]).default("both"),
});

/** Answer of a rewind. A file that changed since by another hand is left alone and named in `skipped`. */
export const rewindResultSchema = z.object({
	removedMessages: z.int(),
	restoredFiles: z.array(z.string()),
	skipped: z.array(z.object({ path: z.string(), reason: z.string() })),
});

/** Query of `GET /v3/sessions`. */
export const sessionQuerySchema = z.strictObject({
	/** Words in title or messages. */
	query: z.string().max(400).optional(),
	workspace: z.string().max(4096).optional(),
	trashed: z.stringbool().default(false),
	limit: z.coerce.number().int().min(1).max(200).default(50),
	/** From `nextCursor`. */
	cursor: z.string().max(200).optional(),
});

/** Answer of `GET /v3/sessions`, last used first. `excerpt` shows where the words of the query were found. */
export const sessionListSchema = z.object({
	sessions: z.array(sessionInfoSchema.extend({ running: z.boolean(), waiting: z.boolean(), excerpt: z.string().optional() })),
	nextCursor: z.string().nullable(),
});

/** A session as one file, for export and import; the same shape as the snapshot on disk. */
export const sessionFileSchema = sessionSnapshotSchema.omit({ turns: true, lastEventId: true, permissions: true }).extend({
	permissions: z.array(pendingPermissionSchema).default([]),
	todos: z.array(todoSchema).default([]),
});

/** What is known of a session beside its messages. */
export type SessionInfo = z.infer<typeof sessionInfoSchema>;
/** A session whole. */
export type SessionSnapshot = z.infer<typeof sessionSnapshotSchema>;
/** A session as one file. */
export type SessionFile = z.infer<typeof sessionFileSchema>;
/** A turn that is not over. */
export type OpenTurn = z.infer<typeof openTurnSchema>;
/** One thing to do. */
export type Todo = z.infer<typeof todoSchema>;
/** Sessions of a list. */
export type SessionList = z.infer<typeof sessionListSchema>;
/** Begins a session. */
export type CreateSession = z.input<typeof createSessionSchema>;
/** Changes a session. */
export type UpdateSession = z.input<typeof updateSessionSchema>;
/** Begins a turn. */
export type CreateTurn = z.input<typeof createTurnSchema>;
/** A turn was taken. */
export type TurnAccepted = z.infer<typeof turnAcceptedSchema>;
/** Result of a rewind. */
export type RewindResult = z.infer<typeof rewindResultSchema>;
/** What to do with a turn while another runs. */
export type TurnMode = (typeof turnModes)[number];
/** Life of a turn. */
export type TurnState = (typeof turnStates)[number];
