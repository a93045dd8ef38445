import { vaultFormatVersion } from "@opta/contracts/vault-limits";
import { type Bytes, equalBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { authenticate } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";

/** Whose vault, and which: bound into everything that is sealed. Both ids in lower case. */
export interface VaultPlace {
	readonly userId: string;
	readonly vaultId: string;
}

/**
 * Refuses what a newer or an older program sealed: there is no second form to fall back to.
 * @throws {VaultError} `unsupported_version`
 */
export function checkFormatVersion(version: unknown): void {
	if (version !== vaultFormatVersion) {
		throw new VaultError(
			"unsupported_version",
			"This vault was written by another version of the program. Load the page again, or update.",
		);
	}
}

/** Commits to a key: no second key has the same value, which AES-GCM alone does not promise. */
export function commitTo(kind: "root" | "user", key: Bytes, { userId, vaultId }: VaultPlace, epoch: number): Promise<Bytes> {
	return authenticate(key, canonical(`commitment/${kind}`, userId, vaultId, epoch));
}

/** @throws {VaultError} `cannot_open` when a key is not the one that was committed to. */
export function checkCommitment(expected: Bytes, actual: Bytes): void {
	if (!equalBytes(expected, actual)) {
		throw new VaultError("cannot_open", "This cannot be opened: the key is not the right one, or the data were changed.");
	}
}
