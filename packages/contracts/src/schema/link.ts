import { z } from "zod";
import { deviceNameSchema } from "./device-sign-in.ts";
import { hostPublicKeySchema } from "./host-claim.ts";

/**
 * Claims of the first message on a link, from the device, signed ES256 with the device's key, whose public half is
 * `jwk` in the header. `iss` is the device and `aud` the host, as `deviceAudience` and `hostAudience` name them.
 */
export const linkJoinClaimsSchema = z.object({
	iss: z.string(),
	aud: z.string(),
	/** The device's ephemeral key, for this link only. */
	epk: hostPublicKeySchema,
	nonce: z.string().regex(/^[\w-]{22}$/),
});

/** Claims of the host's answer, signed ES256 with the host's key; `iss` and `aud` the other way round. */
export const linkAcceptClaimsSchema = z.object({
	iss: z.string(),
	aud: z.string(),
	/** The host's ephemeral key, for this link only. */
	epk: hostPublicKeySchema,
	/** SHA-256 of the device's message, base64url: an answer belongs to one message. */
	join: z.string().regex(/^[\w-]{43}$/),
});

/** The first encrypted message, from the device: what it says of itself. */
export const linkHelloSchema = z.strictObject({ name: deviceNameSchema, build: z.string().max(100) });

/** The last message on a link that ends in order: why. */
export const linkFarewellSchema = z.object({
	cause: z.enum(["closed", "replaced", "revoked", "broken"]),
	message: z.string().max(300),
});

/** What a device says of itself when it joins. */
export type LinkHello = z.infer<typeof linkHelloSchema>;
/** Why a link ended. */
export type LinkFarewell = z.infer<typeof linkFarewellSchema>;
