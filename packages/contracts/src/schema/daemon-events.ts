import { z } from "zod";
import { messageSchema } from "./daemon-message.ts";
import { pendingPermissionSchema, permissionResolutionSchema } from "./daemon-permission.ts";
import { compactionSchema, openTurnSchema, sessionInfoSchema, todoSchema } from "./daemon-session.ts";

/*
 * Events of a session, the same over SSE (`GET /v3/sessions/:id/stream`), over `WS /v3/ws` and in `<id>.jsonl`.
 *
 * Durable events have `id` (`<epoch>:<seq>`, seq from 1 without gaps) and are on disk before anybody hears of them.
 * Volatile ones (`turn.token`, `tool.output`, `turn.progress`) have none and may be lost: the durable event that follows
 * (`turn.message`, `tool.result`) carries the whole text. Synthetic ones (`replay.complete`, `resync.required`) belong to
 * one stream only. Clients ignore types they do not know.
 */

const turn = { turnId: z.string() };
const usageSchema = z.object({ promptTokens: z.int(), cachedTokens: z.int(), completionTokens: z.int() });

/** What a durable event says, by type. */
export const durableEventSchema = z.discriminatedUnion("type", [
	/** The session as it is now. `messages` says that they changed by more than an addition: fetch the snapshot. */
	z.object({
		type: z.literal("session.updated"),
		data: z.object({
			session: sessionInfoSchema,
			todos: z.array(todoSchema).optional(),
			compaction: compactionSchema.nullable().optional(),
			messages: z.enum(["rewound", "compacted"]).optional(),
			/** Of a rewind: this message and all after it are gone. */
			fromMessageId: z.string().optional(),
		}),
	}),
	z.object({
		type: z.literal("turn.queued"),
		data: z.object({ ...turn, turn: openTurnSchema, mode: z.enum(["queue", "steer"]), idempotencyKey: z.string().optional() }),
	}),
	/** Asked by now: who answers. Once more when a turn goes on after a restart. */
	z.object({
		type: z.literal("turn.started"),
		data: z.object({ ...turn, model: z.string(), provider: z.enum(["lmx", "anthropic"]) }),
	}),
	/** A message became part of the session; the order of these is the order of the conversation. */
	z.object({ type: z.literal("turn.message"), data: z.object({ ...turn, message: messageSchema }) }),
	z.object({
		type: z.literal("tool.start"),
		data: z.object({
			...turn,
			callId: z.string(),
			name: z.string(),
			arguments: z.record(z.string(), z.unknown()),
			/** One line for people: `Read src/a.ts`, `Run npm test`. */
			title: z.string(),
		}),
	}),
	z.object({
		type: z.literal("tool.result"),
		data: z.object({
			...turn,
			callId: z.string(),
			name: z.string(),
			ok: z.boolean(),
			/** What the model gets. */
			output: z.string(),
			truncated: z.boolean(),
			durationMs: z.number(),
			/** Unified diff of what changed, for people. */
			diff: z.string().optional(),
		}),
	}),
	z.object({ type: z.literal("permission.request"), data: z.object({ ...turn, permission: pendingPermissionSchema }) }),
	z.object({ type: z.literal("permission.resolved"), data: permissionResolutionSchema.extend(turn) }),
	z.object({
		type: z.literal("turn.done"),
		data: z.object({
			...turn,
			/** `joined`: its message became part of the turn that was running (`mode: steer`), which goes on. */
			reason: z.enum(["stop", "length", "cancelled", "step_limit", "joined"]),
			joinedTurnId: z.string().optional(),
			usage: usageSchema,
			durationMs: z.number(),
		}),
	}),
	/** The turn ended by a failure; `interrupted` when the daemon itself was gone. */
	z.object({
		type: z.literal("turn.error"),
		data: z.object({ ...turn, code: z.string(), message: z.string(), interrupted: z.boolean(), usage: usageSchema.optional() }),
	}),
]);

/** What a volatile event says, by type. */
export const volatileEventSchema = z.discriminatedUnion("type", [
	/** `offset` counts UTF-16 units of that channel of the message before `text`. */
	z.object({
		type: z.literal("turn.token"),
		data: z.object({ ...turn, messageId: z.string(), channel: z.enum(["text", "reasoning"]), offset: z.int(), text: z.string() }),
	}),
	z.object({ type: z.literal("tool.output"), data: z.object({ ...turn, callId: z.string(), offset: z.int(), text: z.string() }) }),
	z.object({
		type: z.literal("turn.progress"),
		data: z.object({
			...turn,
			stage: z.enum(["connecting", "loading_model", "queued", "reading_prompt", "compacting", "retrying"]),
			/** Of the stage, 0 to 1; null when it cannot be known. */
			fraction: z.number().min(0).max(1).nullable(),
			/** For people. */
			message: z.string().nullable(),
		}),
	}),
]);

/** What a stream says of itself. */
export const syntheticEventSchema = z.discriminatedUnion("type", [
	/** Everything older was sent; what follows is live. */
	z.object({ type: z.literal("replay.complete"), data: z.object({ lastEventId: z.string() }) }),
	/** The cursor cannot be served and the stream ends: fetch the snapshot and subscribe after its `lastEventId`. */
	z.object({ type: z.literal("resync.required"), data: z.object({ reason: z.enum(["ring_evicted", "epoch_reset", "unknown_cursor"]) }) }),
	/** This reader was too slow and is cut off; it may come back with its cursor. */
	z.object({ type: z.literal("stream.evicted"), data: z.object({ queued: z.int() }) }),
]);

const envelope = { v: z.literal(1), sessionId: z.string(), at: z.iso.datetime() };
const durableEnvelopeSchema = z.object({ ...envelope, id: z.string(), seq: z.int(), clientId: z.string().optional() });
const passingEnvelopeSchema = z.object(envelope);

/** A durable event with its envelope: one line of `<id>.jsonl`. */
export const sessionEventSchema = durableEnvelopeSchema.and(durableEventSchema);

/** Anything that a stream carries. */
export const streamEventSchema = z.union([
	sessionEventSchema,
	passingEnvelopeSchema.and(volatileEventSchema),
	passingEnvelopeSchema.and(syntheticEventSchema),
]);

/** Frames that a client sends on `WS /v3/ws`. `after` as `Last-Event-ID`: missing is live only, `0` everything. */
export const socketClientFrameSchema = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("subscribe"), sessionId: z.string().max(128), after: z.string().max(128).optional() }),
	z.strictObject({ type: z.literal("unsubscribe"), sessionId: z.string().max(128) }),
	z.strictObject({ type: z.literal("ping") }),
]);

/** Frames of the daemon that are no events of a session. `sessions.changed` asks to read the list again. */
export const socketServerFrameSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("hello"), build: z.string(), clientId: z.string() }),
	z.object({ type: z.literal("subscribed"), sessionId: z.string() }),
	z.object({ type: z.literal("unsubscribed"), sessionId: z.string() }),
	z.object({ type: z.literal("sessions.changed"), sessionId: z.string() }),
	z.object({ type: z.literal("pong") }),
	z.object({
		type: z.literal("error"),
		sessionId: z.string().nullable(),
		error: z.object({ code: z.string(), message: z.string() }),
	}),
]);

/** Query of `GET /v3/sessions/:id/events`. */
export const eventQuerySchema = z.strictObject({
	after: z.string().max(128).default("0"),
	limit: z.coerce.number().int().min(1).max(1000).default(500),
});

/** Answer of `GET /v3/sessions/:id/events`: durable events in order. */
export const eventListSchema = z.object({ events: z.array(sessionEventSchema), more: z.boolean() });

/** What a durable event says. */
export type DurableEvent = z.infer<typeof durableEventSchema>;
/** What a volatile event says. */
export type VolatileEvent = z.infer<typeof volatileEventSchema>;
/** A durable event with its envelope. */
export type SessionEvent = z.infer<typeof sessionEventSchema>;
/** Anything that a stream carries. */
export type StreamEvent = z.infer<typeof streamEventSchema>;
/** A frame of a client. */
export type SocketClientFrame = z.infer<typeof socketClientFrameSchema>;
/** A frame of the daemon that is no event of a session. */
export type SocketServerFrame = z.infer<typeof socketServerFrameSchema>;
/** Durable events in order. */
export type EventList = z.infer<typeof eventListSchema>;
