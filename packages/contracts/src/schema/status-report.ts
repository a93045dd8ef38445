import { z } from "zod";

/** State of one watched part: `noData` means that nothing is known now, never that all is well. */
export const componentStates = ["up", "degraded", "down", "noData"] as const;

/** One check of one part; `noData` stands for a check that was due and not made. */
export const componentCheckSchema = z.object({
	state: z.enum(componentStates),
	checkedAt: z.iso.datetime(),
	/** Time until the answer began; null where there was none. */
	latencyMs: z.number().nullable(),
});

/** One watched part and its last checks. */
export const componentReportSchema = z.object({
	id: z.string(),
	title: z.string(),
	group: z.enum(["inference", "data", "sites"]),
	state: z.enum(componentStates),
	/** What is wrong, or why nothing is known, in words for a visitor; null when all is well. */
	reason: z.string().nullable(),
	latencyMs: z.number().nullable(),
	checkedAt: z.iso.datetime().nullable(),
	/** First check of the unbroken run in which the part was well, or was not; null when nothing is known. */
	since: z.iso.datetime().nullable(),
	/** The last checks with the newest at the end, at most 60. */
	history: z.array(componentCheckSchema),
});

/** Answer of `GET status/api/status`. */
export const statusReportSchema = z.object({
	generatedAt: z.iso.datetime(),
	/** When this server began to watch; nothing is known from before. */
	watchingSince: z.iso.datetime(),
	intervalMs: z.int(),
	components: z.array(componentReportSchema),
});

/** Answer of `GET status/api/status`. */
export type StatusReport = z.infer<typeof statusReportSchema>;
/** One watched part and its last checks. */
export type ComponentReport = z.infer<typeof componentReportSchema>;
/** One check of one part. */
export type ComponentCheck = z.infer<typeof componentCheckSchema>;
/** State of a watched part. */
export type ComponentState = (typeof componentStates)[number];
