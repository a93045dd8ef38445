import { z } from "zod";

const contentIdSchema = z.string().nullable();

/** One change of one file: a line of `<sessionId>.jsonl`. */
export const checkpointEntrySchema = z.object({
	turnId: z.string(),
	/** Absolute. */
	path: z.string(),
	at: z.iso.datetime(),
	before: z.object({
		/** Null: there was no file. */
		id: contentIdSchema,
		mode: z.int(),
		/** The nearest folder that was there. */
		folder: z.string(),
		/** Why the content is not kept; null where it is, or where there was none to keep. */
		missing: z.string().nullable(),
	}),
	/** What the change makes of it; null: gone. */
	after: contentIdSchema,
});

/** One change of one file. */
export type CheckpointEntry = z.infer<typeof checkpointEntrySchema>;
