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

const coordinate = z.string().regex(/^[\w-]{43}$/);

/** A public key of passes: P-256 as JWK (RFC 7517) with its id. Members that are not named here are left out. */
export const passKeySchema = z.object({
	kty: z.literal("EC"),
	crv: z.literal("P-256"),
	x: coordinate,
	y: coordinate,
	kid: z.string().min(1).max(128),
});

/** Answer of `GET accounts/api/pass/keys`: one statement (compact JWS) by each key that accounts holds. */
export const passKeysResponseSchema = z.object({ statements: z.array(z.string().max(16_384)).min(1).max(8) });

/** Claims of such a statement: the keys that passes may be signed with from now on, and no others. */
export const passKeysClaimsSchema = z.object({
	iss: z.string(),
	iat: z.int(),
	exp: z.int(),
	keys: z.array(passKeySchema).min(1).max(8),
});

/** Answer of `GET accounts/api/pass/revocations`: passes of `sub` that were issued until `since` (seconds since 1970) are worth nothing. */
export const passRevocationsSchema = z.object({
	revocations: z.array(z.object({ sub: z.uuid(), since: z.int() })).max(10_000),
});

/** Claims of a host's assertion (RFC 7523 §3, with a single use). */
export const hostAssertionClaimsSchema = z.object({
	iss: z.string().regex(/^host:[\da-f-]{36}$/),
	aud: z.string(),
	jti: z.string().min(16).max(64),
	iat: z.int(),
	exp: z.int(),
});

/** A public key of passes. */
export type PassKey = z.infer<typeof passKeySchema>;
/** One person whose passes were revoked, and until when they were issued. */
export type PassRevocation = z.infer<typeof passRevocationsSchema>["revocations"][number];
/** Answer of `POST accounts/api/pass`. */
export type PassResponse = z.infer<typeof passResponseSchema>;
/** Claims of a verified pass. */
export type PassClaims = z.infer<typeof passClaimsSchema>;
