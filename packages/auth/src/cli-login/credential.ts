import { z } from "zod";
import { deviceKeySchema } from "../device-credential/device-key.ts";

/** What a signed-in device keeps: its key, and the refresh token that is good now. */
export const deviceCredentialSchema = z.strictObject({
	/** Origin of the accounts site that gave it; it is sent nowhere else. */
	issuer: z.url(),
	deviceId: z.uuid(),
	userId: z.uuid(),
	key: deviceKeySchema,
	refreshToken: z.string().min(22),
});

/** What a signed-in device keeps. */
export type DeviceCredential = z.infer<typeof deviceCredentialSchema>;

/** Where a credential is kept: the keychain, or a file that its user alone can read. */
export interface CredentialStore {
	read(): Promise<DeviceCredential | null>;
	/** Resolves when it is on disk. */
	write(credential: DeviceCredential): Promise<void>;
	remove(): Promise<void>;
	/** Runs one piece of work at a time, over all processes that use this store. */
	exclusively<T>(work: () => Promise<T>): Promise<T>;
}
