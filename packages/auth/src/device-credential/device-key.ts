import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { z } from "zod";

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The public half of a device's key: P-256 as JWK (RFC 7517), nothing else in it. */
export const publicDeviceKeySchema = z.strictObject({ kty: z.literal("EC"), crv: z.literal("P-256"), x: coordinate, y: coordinate });

/** A device's key, as it lies in the keychain or in a file of its user. */
export const deviceKeySchema = publicDeviceKeySchema.extend({ d: coordinate });

/** A device's key pair. */
export type DeviceKey = z.infer<typeof deviceKeySchema>;
/** The public half. */
export type PublicDeviceKey = z.infer<typeof publicDeviceKeySchema>;

/** Makes a key pair for a device. */
export async function createDeviceKey(): Promise<DeviceKey> {
	const { privateKey } = await generateKeyPair("ES256", { extractable: true });
	const { kty, crv, x, y, d } = await exportJWK(privateKey);
	return deviceKeySchema.parse({ kty, crv, x, y, d });
}

/** The public half of a key pair. */
export function publicDeviceKey({ kty, crv, x, y }: PublicDeviceKey): PublicDeviceKey {
	return { kty, crv, x, y };
}

/** What names a key everywhere: its JWK thumbprint (RFC 7638), SHA-256 in base64url. */
export function thumbprintOf(key: PublicDeviceKey): Promise<string> {
	return calculateJwkThumbprint(publicDeviceKey(key));
}
