import { openFileStore } from "./file-store.ts";
import { type Keyring, openKeychainStore } from "./keychain-store.ts";
import type { SecretStore } from "./secret-store.ts";

/** Where secrets go on this computer: the keychain where one works, else a file of this user. `kind` says which. */
export async function openSecretStore(userId: string, fallbackFile: string, load?: () => Promise<Keyring>): Promise<SecretStore> {
	return (await openKeychainStore(userId, load)) ?? openFileStore(fallbackFile);
}
