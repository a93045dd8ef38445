import { z } from "zod";

/** What a device is: a terminal, an agent that runs by itself, the desktop app, or a host. */
export const deviceKinds = ["cli", "daemon", "desktop", "host"] as const;

/** SHA-256 in base64url: a JWK thumbprint (RFC 7638) or an S256 challenge (RFC 7636). */
export const sha256TextSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Name of a device as its owner reads it. */
export const deviceNameSchema = z
	.string()
	.trim()
	.min(1)
	.max(80)
	.regex(/^\P{Cc}*$/u);

/** Query of `GET accounts/cli`. Nothing in it is secret. */
export const cliPageQuerySchema = z.strictObject({
	challenge: sha256TextSchema,
	state: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
	/** Where the terminal listens on 127.0.0.1; left out where the code is typed by hand. ASCII digits only. */
	port: z
		.string()
		.regex(/^[1-9][0-9]{3,4}$/)
		.transform(Number)
		.refine((port) => port >= 1024 && port <= 65_535)
		.optional(),
	key: sha256TextSchema,
	name: deviceNameSchema,
	kind: z.enum(deviceKinds),
});

const secret = z.string().regex(/^[A-Za-z0-9_-]{22,128}$/);

/** Body of `POST accounts/api/device/token`; the header `DPoP` carries the key's proof (RFC 9449 §4). */
export const deviceTokenRequestSchema = z.discriminatedUnion("grantType", [
	z.strictObject({ grantType: z.literal("code"), code: secret, codeVerifier: z.string().regex(/^[A-Za-z0-9._~-]{43,128}$/) }),
	z.strictObject({ grantType: z.literal("deviceCode"), deviceCode: secret }),
	z.strictObject({ grantType: z.literal("refresh"), refreshToken: secret }),
]);

/** Answer of `POST accounts/api/device/token`. The refresh token replaces the one that was sent. */
export const deviceTokenResponseSchema = z.object({
	accessToken: z.string(),
	expiresAt: z.iso.datetime(),
	refreshToken: secret,
	deviceId: z.uuid(),
	userId: z.uuid(),
});

/** Body of `POST accounts/api/device/code` (RFC 8628 §3.1), with the key's proof in `DPoP`. */
export const deviceCodeRequestSchema = z.strictObject({ name: deviceNameSchema, kind: z.enum(deviceKinds) });

/** Answer of `POST accounts/api/device/code` (RFC 8628 §3.2). */
export const deviceCodeResponseSchema = z.object({
	deviceCode: secret,
	/** Eight consonants, as `BCDF-GHJK`. */
	userCode: z.string(),
	verificationUrl: z.url(),
	/** The same with the code in it, for a QR code. */
	verificationUrlComplete: z.url(),
	expiresInMs: z.int(),
	intervalMs: z.int(),
});

/** Answer of `GET accounts/api/device`: whose device it is. */
export const deviceIdentitySchema = z.object({
	user: z.object({ id: z.uuid(), email: z.string(), name: z.string() }),
	device: z.object({ id: z.uuid(), name: z.string() }),
});

/** Kind of a device. */
export type DeviceKind = (typeof deviceKinds)[number];
/** Query of the approve page. */
export type CliPageQuery = z.infer<typeof cliPageQuerySchema>;
/** Body of a token request. */
export type DeviceTokenRequest = z.infer<typeof deviceTokenRequestSchema>;
/** Answer of a token request. */
export type DeviceTokenResponse = z.infer<typeof deviceTokenResponseSchema>;
/** Answer to a device without a browser. */
export type DeviceCodeResponse = z.infer<typeof deviceCodeResponseSchema>;
/** Whose device it is. */
export type DeviceIdentity = z.infer<typeof deviceIdentitySchema>;
