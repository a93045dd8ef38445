import { z } from "zod";
import { hostRoles } from "../roles.ts";

/** Body of `POST accounts/api/pass`. */
export const passRequestSchema = z.strictObject({ hostId: z.uuid() });

/** Answer of `POST accounts/api/pass`. */
export const passResponseSchema = z.object({
	pass: z.string(),
	role: z.enum(hostRoles),
	expiresAt: z.iso.datetime(),
});

/** Claims of a pass, after its signature was verified. `iat` and `exp` are seconds since 1970. */
export const passClaimsSchema = z.object({
	iss: z.string(),
	aud: z.string(),
	sub: z.uuid(),
	role: z.enum(hostRoles),
	jti: z.string().min(16),
	iat: z.int(),
	exp: z.int(),
});

/** Answer of `POST accounts/api/pass`. */
export type PassResponse = z.infer<typeof passResponseSchema>;
/** Claims of a verified pass. */
export type PassClaims = z.infer<typeof passClaimsSchema>;
