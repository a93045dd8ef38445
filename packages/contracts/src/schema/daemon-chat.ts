import { z } from "zod";

/** Body of `POST /v1/chat`, kept for clients of earlier versions: a message, or a conversation whose last message is the user's. */
export const compatChatSchema = z.object({
	message: z.string().min(1).max(2_000_000).optional(),
	messages: z
		.array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
		.min(1)
		.max(1000)
		.optional(),
	/** Goes on in this session; a new one, which may look but change nothing, when missing. */
	session: z.string().max(128).optional(),
	/** Folder of a new session; the user's own when missing. */
	workspace: z.string().max(4096).optional(),
	model: z.string().max(200).optional(),
	/** Answers with events: `{ delta }` for each piece, then `{ done: true, … }` with what the answer is otherwise, or `{ error }`. */
	stream: z.boolean().default(false),
});

/** Answer of `POST /v1/chat`. */
export const compatChatAnswerSchema = z.object({
	session: z.string(),
	turnId: z.string(),
	message: z.object({ role: z.literal("assistant"), content: z.string() }),
	model: z.string().nullable(),
	reason: z.enum(["stop", "length", "cancelled", "step_limit", "joined"]),
	usage: z.object({ promptTokens: z.int(), cachedTokens: z.int(), completionTokens: z.int() }),
});

/** Answer of `POST /v1/chat`. */
export type CompatChatAnswer = z.infer<typeof compatChatAnswerSchema>;
