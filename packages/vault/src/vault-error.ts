/**
 * Why the vault refuses. `cannot_open` says on purpose no more: a wrong passphrase, a changed byte and a ciphertext of
 * another place look the same.
 */
export type VaultErrorReason =
	| "cannot_open"
	| "malformed"
	| "unsupported_version"
	| "weak_passphrase_cost"
	| "mistyped_recovery_key"
	| "unsafe_public_key"
	| "manifest_mismatch"
	| "rolled_back"
	| "other_vault"
	| "too_large";

/** Something about the vault is not as it must be; nothing was decrypted or written. */
export class VaultError extends Error {
	override readonly name = "VaultError";
	readonly reason: VaultErrorReason;

	constructor(reason: VaultErrorReason, message: string) {
		super(message);
		this.reason = reason;
	}
}
