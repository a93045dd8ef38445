import { z } from "zod";

/** Levels of log entries, from least to most urgent. */
export const logLevels = ["debug", "info", "warn", "error", "fatal"] as const;

/** One entry of the log. Chats are never part of it, and secrets are blacked out. */
export const logEntrySchema = z.object({
	at: z.iso.datetime(),
	level: z.enum(logLevels),
	/** The model that it is about; null for the server as a whole. */
	model: z.string().nullable(),
	requestId: z.string().nullable(),
	message: z.string(),
	/** Further fields of the entry. */
	facts: z.record(z.string(), z.unknown()),
});

/** Query of `GET /admin/logs`. */
export const logQuerySchema = z.strictObject({
	model: z.string().min(1).optional(),
	/** Entries of this level and of more urgent ones. */
	level: z.enum(logLevels).default("debug"),
	/** Only entries after the one with this id, oldest first; without it the newest ones. */
	after: z.string().optional(),
	limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** Answer of `GET /admin/logs`, oldest entry first. */
export const logPageSchema = z.object({
	entries: z.array(logEntrySchema.extend({ id: z.string() })),
	/** To ask for what follows, as `after`. */
	lastId: z.string(),
	/** Entries between `after` and the first one here were overwritten. */
	hasGap: z.boolean(),
});

/** One message of `GET /admin/logs` as server-sent events (`accept: text/event-stream`); its id is that of the entry. */
export const logStreamMessageSchema = z.discriminatedUnion("type", [
	logEntrySchema.extend({ type: z.literal("log") }),
	/** Entries are missing before the next one. */
	z.object({ type: z.literal("gap"), at: z.iso.datetime() }),
]);

/** Level of a log entry. */
export type LogLevel = (typeof logLevels)[number];
/** One entry of the log. */
export type LogEntry = z.infer<typeof logEntrySchema>;
/** Query of `GET /admin/logs`. */
export type LogQuery = z.infer<typeof logQuerySchema>;
/** Answer of `GET /admin/logs`. */
export type LogPage = z.infer<typeof logPageSchema>;
/** One message of the stream of log entries. */
export type LogStreamMessage = z.infer<typeof logStreamMessageSchema>;
