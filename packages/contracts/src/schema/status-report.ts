import { z } from "zod";

/** State of one watched part: `noData` means that nothing was asked, never that all is well. */
export const componentStates = ["up", "degraded", "down", "noData"] as const;

/** The last check of one part. */
export const componentReportSchema = z.object({
	id: z.string(),
	title: z.string(),
	group: z.enum(["inference", "data", "sites"]),
	state: z.enum(componentStates),
	/** What failed, in words for a visitor; null when all is well. */
	reason: z.string().nullable(),
	latencyMs: z.number().nullable(),
	checkedAt: z.iso.datetime().nullable(),
	/** States of earlier checks, oldest first, at most 60. */
	history: z.array(z.object({ state: z.enum(componentStates), checkedAt: z.iso.datetime(), latencyMs: z.number().nullable() })),
});

/** Answer of `GET status/api/status`. */
export const statusReportSchema = z.object({
	generatedAt: z.iso.datetime(),
	intervalMs: z.int(),
	components: z.array(componentReportSchema),
});

/** Answer of `GET status/api/status`. */
export type StatusReport = z.infer<typeof statusReportSchema>;
/** The last check of one part. */
export type ComponentReport = z.infer<typeof componentReportSchema>;
/** State of a watched part. */
export type ComponentState = (typeof componentStates)[number];
