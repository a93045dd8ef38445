/** Where pulled secrets are kept on this computer. */
export interface SecretStore {
	/** `file` is the fallback, which the report says. */
	readonly kind: "keychain" | "file";
	/** In words for people: the keychain's service, or the file's path. */
	readonly place: string;
	/** Null when there is none. */
	read(account: string): Promise<string | null>;
	/** Replaces what is there. Rejects when the place does not take it, such as a value that is too long for it. */
	write(account: string, secret: string): Promise<void>;
	/** Does nothing when there is none. */
	remove(account: string): Promise<void>;
}

/** Service name of a person's secrets in the keychain. */
export function keychainService(userId: string): string {
	return `opta.vault/${userId}`;
}
