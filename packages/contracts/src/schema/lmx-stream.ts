import { z } from "zod";
import { errorBodySchema } from "./error.ts";
import {
	chatCompletionSchema,
	chatDeltaSchema,
	chatRequestSchema,
	finishReasons,
	logprobsSchema,
	promptProgressSchema,
	timingsSchema,
	usageSchema,
} from "./lmx-chat.ts";

/*
 * `WS /v1/chat/stream`: many chats on one socket. Every frame is one JSON object in one text message.
 *
 *   client                                  server
 *   create {model, messages, tools, …} ──▶  asked ──▶ accepted {id} ──▶ progress {id} … ──▶ delta {id} … ──▶ done {id}
 *                                             │           │                                     │
 *   cancel {id} ─────────────────────────▶    └───────────┴────────────────────────── error {id} ◀── (code `cancelled` after a cancel)
 *   ping ────────────────────────────────▶  pong
 *
 * - A chat ends with exactly one `done` or `error` of its id; nothing of that id follows, and the id is free again.
 * - A chat without an id gets one, which `accepted` tells first. An id that is in use is refused with an error whose
 *   own `id` is null and whose `details.id` names it; the chat that has the id goes on.
 * - A cancel of an id that is not open is ignored: the `done` may be on its way.
 * - `progress` comes only where the chat asked for `return_progress`, and tells how far the reading of the prompt is.
 * - When the socket closes, all of its chats are cancelled.
 * - The server sends WebSocket pings and hangs up on a client that answers none.
 * - A client that does not read is closed with `streamCloseCodes.slowReader`; others do not notice.
 */

/** Longest frame that a client may send, as large as an HTTP body. */
export const streamFrameLimitBytes = 8 * 1024 * 1024;

/** Chats that may be open on one socket at the same time. */
export const streamRequestLimit = 32;

/** Why the server closed a socket, beside the codes of RFC 6455 (1009: a frame was too large). */
export const streamCloseCodes = { slowReader: 4008, notText: 1003 } as const;

const frameId = z.string().min(1).max(128);

/** Begins a chat. The seeds' request `{model, messages, tools, stream}` is one; `stream: false` sends no deltas. */
export const streamCreateSchema = chatRequestSchema.omit({ stream_options: true }).extend({
	type: z.literal("create").optional(),
	id: frameId.optional(),
	priority: z.enum(["low", "normal", "high"]).optional().describe("As the header `x-opta-priority`, which a browser cannot send."),
});

/** Ends a chat at the next step of the engine. */
export const streamCancelSchema = z.strictObject({ type: z.literal("cancel"), id: frameId });

/** For clients that cannot send WebSocket pings: answered with `pong`. */
export const streamPingSchema = z.strictObject({ type: z.literal("ping") });

/** The model took the chat. */
export const streamAcceptedSchema = z.object({ type: z.literal("accepted"), id: z.string(), model: z.string(), prompt_tokens: z.int() });

/** How far the reading of the prompt is, for a chat that asked for `return_progress`. */
export const streamProgressSchema = z.object({ type: z.literal("progress"), id: z.string(), prompt_progress: promptProgressSchema });

/** Something was generated; deltas are those of the OpenAI reference. */
export const streamDeltaSchema = z.object({
	type: z.literal("delta"),
	id: z.string(),
	index: z.int().describe("Which choice, where the chat asked for several."),
	delta: chatDeltaSchema,
	logprobs: logprobsSchema.optional(),
});

const doneChoiceSchema = z.object({
	index: z.int(),
	finish_reason: z.enum(finishReasons),
	message: chatCompletionSchema.shape.choices.element.shape.message.optional().describe("With `stream: false`: the whole message."),
	logprobs: logprobsSchema.optional(),
});

/** The chat is complete. */
export const streamDoneSchema = z.object({
	type: z.literal("done"),
	id: z.string(),
	model: z.string(),
	finish_reason: z.enum(finishReasons).describe("Of the first choice."),
	choices: z.array(doneChoiceSchema),
	usage: usageSchema,
	timings: timingsSchema.optional(),
});

/** A chat failed or was cancelled; `id` is null when the frame belongs to none. */
export const streamErrorSchema = errorBodySchema.extend({ type: z.literal("error"), id: z.string().nullable() });

/** Answer to `ping`. */
export const streamPongSchema = z.object({ type: z.literal("pong") });

/** Everything that a server sends. Clients ignore types that they do not know. */
export const streamServerFrameSchema = z.discriminatedUnion("type", [
	streamAcceptedSchema,
	streamProgressSchema,
	streamDeltaSchema,
	streamDoneSchema,
	streamErrorSchema,
	streamPongSchema,
]);

/** Everything that a client sends. */
export const streamClientFrameSchema = z.union([streamCreateSchema, streamCancelSchema, streamPingSchema]);

/** Begins a chat. */
export type StreamCreate = z.infer<typeof streamCreateSchema>;
/** A frame of a client. */
export type StreamClientFrame = z.infer<typeof streamClientFrameSchema>;
/** A frame of the server. */
export type StreamServerFrame = z.infer<typeof streamServerFrameSchema>;
