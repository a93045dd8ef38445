import { cleanBase32, decodeBase32, encodeBase32, inGroups } from "../encoding/base32.ts";
import { type Bytes, randomBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { digest } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";

/** 160 bits of the key and 20 of its checksum: 36 characters of five bits. */
const keyBytes = 20;
const keyCharacters = 32;
const checksumCharacters = 4;

async function checksum(key: Bytes): Promise<string> {
	return encodeBase32((await digest(canonical("recovery-checksum", key))).slice(0, 5), checksumCharacters);
}

function mistyped(message: string): VaultError {
	return new VaultError("mistyped_recovery_key", message);
}

/** A new recovery key: 160 random bits. */
export function createRecoveryKey(): Bytes {
	return randomBytes(keyBytes);
}

/** A recovery key as it is printed: nine groups of four characters, the last of them the checksum. */
export async function formatRecoveryKey(key: Bytes): Promise<string> {
	return inGroups(encodeBase32(key, keyCharacters) + (await checksum(key)));
}

/**
 * Reads a recovery key as people type it.
 * @throws {VaultError} `mistyped_recovery_key` when characters are missing or the checksum does not fit.
 */
export async function parseRecoveryKey(text: string): Promise<Bytes> {
	const clean = cleanBase32(text);
	const digits = decodeBase32(clean);
	if (digits === null || digits.length !== keyCharacters + checksumCharacters) {
		throw mistyped("A recovery key has nine groups of four letters and digits. Compare it with what you kept.");
	}
	const bits = digits.slice(0, keyCharacters).reduce((sum, digit) => (sum << 5n) | BigInt(digit), 0n);
	const key = Uint8Array.from({ length: keyBytes }, (_, at) => Number((bits >> BigInt((keyBytes - 1 - at) * 8)) & 255n));
	if ((await checksum(key)) !== clean.slice(keyCharacters)) {
		throw mistyped("There is a typing mistake in the recovery key: its last group does not fit. Compare it with what you kept.");
	}
	return key;
}
