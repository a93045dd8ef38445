import { z } from "zod";

/** Text that a message carries beside its own words: a pasted block, a mentioned file. */
export const attachmentSchema = z.object({
	kind: z.enum(["text", "file"]),
	/** Shown to people: a path relative to the workspace, or a label of pasted text. */
	name: z.string().max(1024),
	content: z.string(),
});

/** A call of a tool, as the model asked for it. `arguments` is its JSON, parsed; what could not be parsed is `{ raw }`. */
export const toolCallSchema = z.object({
	id: z.string(),
	name: z.string(),
	arguments: z.record(z.string(), z.unknown()),
});

/** One message of a session, as stored and as shown; the same in the snapshot, the events and exports. */
export const messageSchema = z.object({
	/** UUIDv7. */
	id: z.string(),
	role: z.enum(["user", "assistant", "tool"]),
	/** RFC 3339, UTC. */
	at: z.iso.datetime(),
	turnId: z.string().optional(),
	content: z.string(),
	reasoning: z.string().optional(),
	toolCalls: z.array(toolCallSchema).optional(),
	/** Of a tool message: which call this answers. */
	toolCallId: z.string().optional(),
	/** Of a tool message: the tool, and whether it succeeded. */
	name: z.string().optional(),
	ok: z.boolean().optional(),
	attachments: z.array(attachmentSchema).optional(),
	/** Of an assistant message: who wrote it. */
	model: z.string().optional(),
	provider: z.enum(["lmx", "anthropic"]).optional(),
	/** The message was cut by a cancel, a crash or a limit. */
	interrupted: z.boolean().optional(),
	/** Of a user message: the client that sent it. */
	clientId: z.string().optional(),
});

/** One message of a session. */
export type Message = z.infer<typeof messageSchema>;
/** A call of a tool. */
export type ToolCall = z.infer<typeof toolCallSchema>;
/** Text beside a message's own words. */
export type Attachment = z.infer<typeof attachmentSchema>;
