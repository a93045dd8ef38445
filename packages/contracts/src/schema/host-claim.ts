import { z } from "zod";
import { deviceNameSchema } from "./device-sign-in.ts";
import { hostIdentitySchema } from "./host.ts";

const coordinate = z.string().regex(/^[\w-]{43}$/);
const secret = z.string().regex(/^[\w-]{22,128}$/);

/** The public half of a host's key, P-256 as JWK (RFC 7517). */
export const hostPublicKeySchema = z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: coordinate, y: coordinate });

/** Version of the software of a host. */
const versionSchema = z.string().max(40);

/** Body of `POST accounts/api/host/claim`; the header `DPoP` carries the proof of `key` (RFC 9449 §4). */
export const hostClaimRequestSchema = z.strictObject({ name: deviceNameSchema, version: versionSchema, key: hostPublicKeySchema });

/** Its answer, after RFC 8628 §3.2. */
export const hostClaimResponseSchema = z.object({
	claimCode: secret,
	/** Eight consonants, as `BCDF-GHJK`. */
	userCode: z.string(),
	verificationUrl: z.url(),
	/** The same with the code in it, for a QR code. */
	verificationUrlComplete: z.url(),
	expiresInMs: z.int(),
	intervalMs: z.int(),
});

/** Body of `POST accounts/api/host/claim/token`, with the proof bound to the code. Until it is answered: `authorization_pending`, `slow_down`, `access_denied`, `expired_code`. */
export const hostClaimTokenRequestSchema = z.strictObject({ claimCode: secret });

/** Its answer once somebody has claimed the host: what the host keeps in `host.json`, besides its key. */
export const hostClaimTokenResponseSchema = hostIdentitySchema.omit({ key: true }).extend({ ownerName: z.string() });

/** An origin and nothing after it but perhaps a slash; read as the origin. */
function originSchema(protocol: RegExp) {
	return z
		.url({ protocol })
		.max(256)
		.refine((text) => URL.canParse(text) && [new URL(text).origin, `${new URL(text).origin}/`].includes(text))
		.transform((text) => new URL(text).origin);
}

/** Where a host is and what runs there: body of `POST accounts/api/host/presence`, with the host's assertion as bearer. */
export const hostPresenceSchema = z.strictObject({
	version: versionSchema,
	/** Public address of the door; null while there is no tunnel. */
	doorUrl: originSchema(/^https?$/).nullable(),
	/** Addresses of the link listener in its own network, as `http://192.168.1.10:8789`. */
	lanUrls: z.array(originSchema(/^http$/)).max(8),
});

/** Its answer; a host that its owner revoked gets `host_revoked` instead. */
export const hostPresenceResponseSchema = z.object({ name: z.string() });

/** Answer of `GET accounts/api/device/hosts`: the hosts that the device's person may use, and where each is. */
export const deviceHostsSchema = z.object({
	hosts: z.array(
		z.object({
			id: z.uuid(),
			name: z.string(),
			role: z.string(),
			doorUrl: z.url().nullable(),
			lanUrls: z.array(z.url()),
			/** Pinned by the device when it joins. */
			key: hostPublicKeySchema.nullable(),
			lastSeenAt: z.iso.datetime().nullable(),
		}),
	),
});

/** The public half of a host's key. */
export type HostPublicKey = z.infer<typeof hostPublicKeySchema>;
/** Answer to a host that asks to be claimed. */
export type HostClaimResponse = z.infer<typeof hostClaimResponseSchema>;
/** What a claimed host is told. */
export type HostClaimTokenResponse = z.infer<typeof hostClaimTokenResponseSchema>;
/** Where a host is. */
export type HostPresence = z.infer<typeof hostPresenceSchema>;
/** What accounts tells a host that said where it is. */
export type HostPresenceResponse = z.infer<typeof hostPresenceResponseSchema>;
/** The hosts that a device's person may use. */
export type DeviceHosts = z.infer<typeof deviceHostsSchema>;
/** One of them. */
export type DeviceHost = DeviceHosts["hosts"][number];
