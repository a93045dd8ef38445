import { z } from "zod";
import { hostRoles } from "../roles.ts";

/** What a ticket opens: one path, and the `Origin` of the page that opens it; null for programs, which send none. */
export const ticketUseSchema = z.strictObject({
	path: z
		.string()
		.max(256)
		.regex(/^(?:\/[\w-][\w.-]*)+$/),
	origin: z.url().nullable(),
});

const base64Url256 = z.string().regex(/^[\w-]{43}$/);

/**
 * Body of `POST accounts/api/pass`: for a host that the person is a member of or for a device of theirs; with `ticket` for
 * one opening. Requests to a device are proved with the key that `keyThumbprint` (RFC 7638) names; a device that asks
 * proves them with its own.
 */
export const passRequestSchema = z.union([
	z.strictObject({ hostId: z.uuid(), ticket: ticketUseSchema.optional() }),
	z.strictObject({ deviceId: z.uuid(), keyThumbprint: base64Url256.optional(), ticket: ticketUseSchema.optional() }),
]);

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
	/** The device that asked for it, where one did. */
	deviceId: z.uuid().optional(),
	/** The thumbprint (RFC 7638) of the key that whoever uses it proves to have (RFC 7800 §3). */
	cnf: z.object({ jkt: z.string() }).optional(),
});

/** Claims of a ticket, after its signature was verified. */
export const ticketClaimsSchema = passClaimsSchema.extend(ticketUseSchema.shape);

/** A public key of passes: P-256 as JWK (RFC 7517) with its id. Members that are not named here are left out. */
export const passKeySchema = z.object({
	kty: z.literal("EC"),
	crv: z.literal("P-256"),
	x: base64Url256,
	y: base64Url256,
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
/** Body of `POST accounts/api/pass`. */
export type PassRequest = z.infer<typeof passRequestSchema>;
/** Answer of `POST accounts/api/pass`. */
export type PassResponse = z.infer<typeof passResponseSchema>;
/** What a ticket opens. */
export type TicketUse = z.infer<typeof ticketUseSchema>;
/** Claims of a verified ticket. */
export type TicketClaims = z.infer<typeof ticketClaimsSchema>;
/** Claims of a verified pass. */
export type PassClaims = z.infer<typeof passClaimsSchema>;
