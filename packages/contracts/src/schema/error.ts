import { z } from "zod";

/** Reads an error response of any server; the code stays a plain string because a newer server may send a newer one. */
export const errorBodySchema = z.object({
	error: z.object({
		code: z.string(),
		message: z.string(),
		type: z.string(),
		param: z.string().optional(),
		details: z.record(z.string(), z.unknown()).optional(),
	}),
});
