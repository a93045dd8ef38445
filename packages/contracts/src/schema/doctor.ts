import { z } from "zod";
import { doctorLayers } from "../doctor-layers.ts";

/** One finding: `name` tells it from others of its layer, `fix` says what to do, where something is to be done. */
export const doctorCheckSchema = z.object({
	layer: z.enum(doctorLayers),
	name: z.string(),
	state: z.enum(["ok", "warning", "failed", "skipped"]),
	summary: z.string(),
	fix: z.string().nullable(),
	durationMs: z.number().nonnegative(),
});

/** Answer of `GET /admin/doctor`: what the process that answers can see, and what it was told by those behind it. */
export const doctorReportSchema = z.object({ build: z.string(), at: z.iso.datetime(), checks: z.array(doctorCheckSchema) });

/** One finding. */
export type DoctorCheck = z.infer<typeof doctorCheckSchema>;
/** All findings. */
export type DoctorReport = z.infer<typeof doctorReportSchema>;
