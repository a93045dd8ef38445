import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import { homeFiles } from "../platform/home-files.ts";

/** The account of LMX's admin key among this computer's secrets. */
export const adminKeyAccount = "connection.adminKey";

/** Keychains are tried before they are used, which takes time and may ask the person: once per home is enough. */
const opened = new Map<string, Promise<SecretStore>>();

/** Secrets of this computer that belong to no account: in the keychain, else in a file with mode 0600. */
export function openComputerSecrets(home: string): Promise<SecretStore> {
	const store = opened.get(home) ?? openSecretStore("this-computer", homeFiles(home).secrets);
	opened.set(home, store);
	return store;
}

/** The key for LMX's admin interface: the configuration's, else the one that is kept; null when there is none. */
export async function readAdminKey(config: OptaConfig, home: string): Promise<string | null> {
	return config.connection.adminKey ?? (await (await openComputerSecrets(home)).read(adminKeyAccount));
}
