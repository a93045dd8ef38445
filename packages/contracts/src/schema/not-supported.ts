import { z } from "zod";

/**
 * A parameter that the reference of an API knows and that LMX cannot honour: only null or nothing is accepted.
 * The reason is what the refusal says (400 `unsupported_parameter`) and what the documentation shows.
 */
export function notSupported(reason: string): z.ZodOptional<z.ZodNull> {
	return z
		.null({ error: () => reason })
		.optional()
		.describe(`Not supported: ${reason}`);
}
