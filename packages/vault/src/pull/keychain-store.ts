import { newId } from "../encoding/new-id.ts";
import { keychainService, type SecretStore } from "./secret-store.ts";

/** The part of `@napi-rs/keyring` that is used. */
export interface Keyring {
	readonly AsyncEntry: new (
		service: string,
		account: string,
		options?: { readonly linux?: { readonly store?: "secret-service" } },
	) => {
		getPassword(): Promise<string | null | undefined>;
		setPassword(secret: string): Promise<void>;
		deletePassword(): Promise<boolean>;
	};
}

/** On Linux the Secret Service alone: what the kernel's key ring holds is gone after a restart. */
const options = { linux: { store: "secret-service" } } as const;

async function loadKeyring(): Promise<Keyring> {
	return import("@napi-rs/keyring");
}

/**
 * Opens the keychain of this computer for a person's secrets, or answers null where there is none that works: it is tried
 * with a text of its own first.
 */
export async function openKeychainStore(userId: string, load: () => Promise<Keyring> = loadKeyring): Promise<SecretStore | null> {
	const service = keychainService(userId);
	try {
		const { AsyncEntry } = await load();
		const entry = (account: string) => new AsyncEntry(service, account, options);
		const probe = entry(`probe ${newId()}`);
		await probe.setPassword("probe");
		const works = (await probe.getPassword()) === "probe";
		await probe.deletePassword();
		if (!works) {
			return null;
		}
		return {
			kind: "keychain",
			place: service,
			read: async (account) => (await entry(account).getPassword()) ?? null,
			write: (account, secret) => entry(account).setPassword(secret),
			async remove(account) {
				if ((await entry(account).getPassword()) != null) {
					await entry(account).deletePassword();
				}
			},
		};
	} catch {
		// No package for this platform, no service, locked, or refused: the caller says that the file is used instead.
		return null;
	}
}
