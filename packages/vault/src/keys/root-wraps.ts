import type { PassphraseCost, PassphraseWrap, RecoveryWrap, RootWraps } from "@opta/contracts/schema/vault";
import { leastPassphraseCost, vaultFormatVersion } from "@opta/contracts/vault-limits";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, randomBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { newId } from "../encoding/new-id.ts";
import { open, seal } from "../primitives/aead.ts";
import { deriveKey } from "../primitives/derive.ts";
import { stretchPassphrase } from "../primitives/stretch.ts";
import { checkCommitment, checkFormatVersion, commitTo, type VaultPlace } from "./vault-place.ts";

const saltBytes = 16;
/** The root key outlives the epochs; its commitment names none. */
const noEpoch = 0;

/** A new root key: 256 random bits that open the user keys of all epochs. */
export function createRootKey(): Bytes {
	return randomBytes(32);
}

function passphraseBound(place: VaultPlace, keyId: string, { algorithm, memoryKiB, iterations, parallelism, salt }: PassphraseCost): Bytes {
	return canonical("root/passphrase", place.userId, place.vaultId, keyId, algorithm, memoryKiB, iterations, parallelism, salt);
}

function recoveryBound(place: VaultPlace, keyId: string, salt: string): Bytes {
	return canonical("root/recovery", place.userId, place.vaultId, keyId, salt);
}

async function passphraseKey(passphrase: string, cost: PassphraseCost, place: VaultPlace, keyId: string): Promise<Bytes> {
	return deriveKey(await stretchPassphrase(passphrase, cost), canonical("kek/passphrase", place.userId, place.vaultId, keyId));
}

function recoveryKeyKey(recoveryKey: Bytes, salt: Bytes, place: VaultPlace, keyId: string): Promise<Bytes> {
	return deriveKey(recoveryKey, canonical("kek/recovery", place.userId, place.vaultId, keyId), salt);
}

/** Seals the root key under a passphrase, with a salt of its own. */
export async function wrapWithPassphrase(rootKey: Bytes, passphrase: string, place: VaultPlace): Promise<PassphraseWrap> {
	const keyId = newId();
	const cost: PassphraseCost = { algorithm: "argon2id", ...leastPassphraseCost, salt: encodeBase64Url(randomBytes(saltBytes)) };
	const key = await passphraseKey(passphrase, cost, place, keyId);
	const sealed = await seal(key, rootKey, passphraseBound(place, keyId, cost));
	return { version: vaultFormatVersion, kind: "passphrase", keyId, cost, sealed };
}

/** Seals the root key under a recovery key. */
export async function wrapWithRecoveryKey(rootKey: Bytes, recoveryKey: Bytes, place: VaultPlace): Promise<RecoveryWrap> {
	const keyId = newId();
	const salt = randomBytes(saltBytes);
	const key = await recoveryKeyKey(recoveryKey, salt, place, keyId);
	const sealed = await seal(key, rootKey, recoveryBound(place, keyId, encodeBase64Url(salt)));
	return { version: vaultFormatVersion, kind: "recovery", keyId, salt: encodeBase64Url(salt), sealed };
}

/** Both ways to a root key, and its commitment. */
export async function wrapRootKey(rootKey: Bytes, passphrase: string, recoveryKey: Bytes, place: VaultPlace): Promise<RootWraps> {
	return {
		version: vaultFormatVersion,
		commitment: encodeBase64Url(await commitTo("root", rootKey, place, noEpoch)),
		passphrase: await wrapWithPassphrase(rootKey, passphrase, place),
		recovery: await wrapWithRecoveryKey(rootKey, recoveryKey, place),
	};
}

/**
 * Opens the root key with the passphrase.
 * @throws {VaultError} `cannot_open`, `weak_passphrase_cost`, `unsupported_version`, `malformed`
 */
export async function openWithPassphrase(
	{ version, commitment, passphrase: wrap }: RootWraps,
	passphrase: string,
	place: VaultPlace,
): Promise<Bytes> {
	checkFormatVersion(version);
	checkFormatVersion(wrap.version);
	const key = await passphraseKey(passphrase, wrap.cost, place, wrap.keyId);
	const rootKey = await open(key, wrap.sealed, passphraseBound(place, wrap.keyId, wrap.cost));
	checkCommitment(decodeBase64Url(commitment, 32), await commitTo("root", rootKey, place, noEpoch));
	return rootKey;
}

/**
 * Opens the root key with the recovery key.
 * @throws {VaultError} `cannot_open`, `unsupported_version`, `malformed`
 */
export async function openWithRecoveryKey(
	{ version, commitment, recovery: wrap }: RootWraps,
	recoveryKey: Bytes,
	place: VaultPlace,
): Promise<Bytes> {
	checkFormatVersion(version);
	checkFormatVersion(wrap.version);
	const key = await recoveryKeyKey(recoveryKey, decodeBase64Url(wrap.salt, saltBytes), place, wrap.keyId);
	const rootKey = await open(key, wrap.sealed, recoveryBound(place, wrap.keyId, wrap.salt));
	checkCommitment(decodeBase64Url(commitment, 32), await commitTo("root", rootKey, place, noEpoch));
	return rootKey;
}
