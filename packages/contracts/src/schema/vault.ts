import { z } from "zod";
import {
	leastPassphraseCost,
	longestSealedCharacters,
	longestSummaryCharacters,
	mostItemsInOneWrite,
	mostPassphraseCost,
	mostVaultDevices,
	vaultFormatVersion,
} from "../vault-limits.ts";

const version = z.literal(vaultFormatVersion);

/** Ids of the vault are lower case: they are bound into what is encrypted, character by character. */
export const vaultIdSchema = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "must be a UUID in lower case");

/** base64url without padding (RFC 4648 §5) of exactly this many bytes. */
function bytes(count: number) {
	return z.string().regex(new RegExp(`^[\\w-]{${Math.ceil((count * 4) / 3)}}$`), `must be ${count} bytes in base64url`);
}

/** Nonce (12 bytes), ciphertext and tag (16 bytes) of AES-256-GCM, in base64url. */
function sealed(longest: number) {
	return z
		.string()
		.min(38)
		.max(longest)
		.regex(/^[\w-]+$/, "must be base64url");
}

/** A key of 32 bytes, sealed. */
const sealedKey = bytes(12 + 32 + 16);
const epoch = z.int().min(1).max(1_000_000);
const counter = z.int().min(1);

/** How the passphrase is stretched. */
export const passphraseCostSchema = z.strictObject({
	algorithm: z.literal("argon2id"),
	memoryKiB: z.int().min(leastPassphraseCost.memoryKiB).max(mostPassphraseCost.memoryKiB),
	iterations: z.int().min(leastPassphraseCost.iterations).max(mostPassphraseCost.iterations),
	parallelism: z.int().min(leastPassphraseCost.parallelism).max(mostPassphraseCost.parallelism),
	salt: bytes(16),
});

/** The root key, sealed under the passphrase. */
export const passphraseWrapSchema = z.strictObject({
	version,
	kind: z.literal("passphrase"),
	keyId: vaultIdSchema,
	cost: passphraseCostSchema,
	sealed: sealedKey,
});

/** The root key, sealed under the recovery key. */
export const recoveryWrapSchema = z.strictObject({
	version,
	kind: z.literal("recovery"),
	keyId: vaultIdSchema,
	salt: bytes(16),
	sealed: sealedKey,
});

/** Both ways to the root key, and its commitment: AES-GCM alone can be made to open to two keys. */
export const rootWrapsSchema = z.strictObject({
	version,
	commitment: bytes(32),
	passphrase: passphraseWrapSchema,
	recovery: recoveryWrapSchema,
});

/** The user key of an epoch, sealed under the root key; the user key before it, sealed under this one. */
export const epochWrapSchema = z.strictObject({
	version,
	epoch,
	commitment: bytes(32),
	sealed: sealedKey,
	previous: sealedKey.nullable(),
});

/** The user key of an epoch, sealed to a device's X25519 key and the secret that it got when it was paired. */
export const deviceWrapSchema = z.strictObject({
	version,
	epoch,
	deviceId: vaultIdSchema,
	deviceName: z.string().min(1).max(80),
	devicePublicKey: bytes(32),
	ephemeralPublicKey: bytes(32),
	sealed: sealedKey,
});

/** Authenticates which item versions are the newest ones: ids, versions and digests, in the order of the ids. */
export const manifestSchema = z.strictObject({
	version,
	epoch,
	/** One more with every write. */
	counter,
	itemCount: z.int().min(0),
	mac: bytes(32),
});

/** One version of an item. The server sees ids, sizes in steps of 256 bytes, and times. */
export const itemVersionSchema = z.strictObject({
	itemId: vaultIdSchema,
	version: z.int().min(1),
	epoch,
	/** What a list shows: name, user name, address. */
	summary: sealed(longestSummaryCharacters),
	/** What is kept: the value and the notes. */
	secret: sealed(longestSealedCharacters),
});

/** An item version with the time it was stored. */
export const storedItemVersionSchema = itemVersionSchema.extend({ savedAt: z.iso.datetime() });

/** Everything but the items. */
export const vaultHeaderSchema = z.object({
	vaultId: vaultIdSchema,
	/** One more with every change of the root wraps. */
	rootRevision: z.int().min(1),
	root: rootWrapsSchema,
	/** The newest first; the older ones open items that were not sealed anew since. */
	epochs: z.array(epochWrapSchema).min(1),
	devices: z.array(deviceWrapSchema).max(mostVaultDevices),
	manifest: manifestSchema,
	/** A device that had the user key was revoked: the next browser that opens the vault makes a new one. */
	rekeyDue: z.boolean(),
});

/** Answer of `GET accounts/api/vault`: null before the vault is made. */
export const vaultResponseSchema = z.object({ userId: vaultIdSchema, vault: vaultHeaderSchema.nullable() });

/** Body of `POST accounts/api/vault`: makes the vault. */
export const createVaultSchema = z.strictObject({
	vaultId: vaultIdSchema,
	root: rootWrapsSchema,
	epoch: epochWrapSchema.extend({ epoch: z.literal(1), previous: z.null() }),
	manifest: manifestSchema.extend({ epoch: z.literal(1), counter: z.literal(1), itemCount: z.literal(0) }),
});

/** Answer of `GET accounts/api/vault/items?after=<change>`: newest versions, in the order of their last change. */
export const itemsResponseSchema = z.object({
	items: z.array(storedItemVersionSchema),
	/** Of the same moment as the items. */
	manifest: manifestSchema,
	/** Pass it as `after` to get what changed later. */
	change: z.int().min(0),
	more: z.boolean(),
});

/** Answer of `GET accounts/api/vault/items/<id>`: the item's versions, the newest first. */
export const historyResponseSchema = z.object({ versions: z.array(storedItemVersionSchema), more: z.boolean() });

/** Body of `POST accounts/api/vault/changes`: all of it is stored, or nothing. */
export const vaultChangesSchema = z.strictObject({
	/** Each is one above the version that its writer knew. */
	items: z.array(itemVersionSchema).min(1).max(mostItemsInOneWrite),
	manifest: manifestSchema,
});

/** Body of `PUT accounts/api/vault/keys`: new wraps of the same root key. */
export const replaceRootWrapsSchema = z.strictObject({ expectedRevision: z.int().min(1), root: rootWrapsSchema });

/** Body of `POST accounts/api/vault/epochs`: a new user key, for the devices that stay. */
export const advanceEpochSchema = z.strictObject({
	epoch: epochWrapSchema.extend({ previous: sealedKey }),
	devices: z.array(deviceWrapSchema).max(mostVaultDevices),
	manifest: manifestSchema,
});

/** Body of `POST accounts/api/vault/devices`: lets a device in. */
export const addVaultDeviceSchema = z.strictObject({ wrap: deviceWrapSchema });

/** Body of `DELETE accounts/api/vault`: names what is thrown away. */
export const removeVaultSchema = z.strictObject({ vaultId: vaultIdSchema });

/** Why a write was not done: somebody else's came first. It is `details.reason` of a `conflict`; read again and repeat. */
export const vaultConflictReasons = ["exists", "item", "manifest", "epoch", "root", "device", "missing"] as const;

/** `details.reason` of a refused request to the vault: a conflict's, or that a second factor has to be proved first. */
export const vaultRefusalReasons = [...vaultConflictReasons, "second_factor"] as const;

/** Body of a relay request that opens a pairing. */
export const openPairingSchema = z.strictObject({
	pairingId: vaultIdSchema,
	deviceId: vaultIdSchema,
	deviceName: z.string().min(1).max(80),
	/** SHA-256 over the device's public key and nonce, shown before the other side chooses its own. */
	commitment: bytes(32),
});

/** What each side adds to a pairing, in this order; every step is taken once. */
export const pairingStepSchema = z.discriminatedUnion("step", [
	z.strictObject({ step: z.literal("answer"), publicKey: bytes(32), nonce: bytes(16) }),
	z.strictObject({ step: z.literal("reveal"), publicKey: bytes(32), nonce: bytes(16) }),
	z.strictObject({ step: z.literal("seal"), sealed: sealed(2_048) }),
]);

/** An open pairing, as both sides read it. The sealed part is given out once, and the pairing is gone. */
export const pairingSchema = z.object({
	pairingId: vaultIdSchema,
	deviceId: vaultIdSchema,
	deviceName: z.string(),
	commitment: bytes(32),
	answer: z.strictObject({ publicKey: bytes(32), nonce: bytes(16) }).nullable(),
	reveal: z.strictObject({ publicKey: bytes(32), nonce: bytes(16) }).nullable(),
	sealed: z.string().nullable(),
	expiresAt: z.iso.datetime(),
});

/** Answer of `GET accounts/api/vault/relay`. */
export const pairingsResponseSchema = z.object({ pairings: z.array(pairingSchema) });

/** How the passphrase is stretched. */
export type PassphraseCost = z.infer<typeof passphraseCostSchema>;
/** The root key, sealed under the passphrase. */
export type PassphraseWrap = z.infer<typeof passphraseWrapSchema>;
/** The root key, sealed under the recovery key. */
export type RecoveryWrap = z.infer<typeof recoveryWrapSchema>;
/** Both ways to the root key. */
export type RootWraps = z.infer<typeof rootWrapsSchema>;
/** The user key of an epoch, sealed. */
export type EpochWrap = z.infer<typeof epochWrapSchema>;
/** The user key of an epoch, sealed to a device. */
export type DeviceWrap = z.infer<typeof deviceWrapSchema>;
/** Authenticates which item versions are the newest ones. */
export type Manifest = z.infer<typeof manifestSchema>;
/** One sealed version of an item. */
export type ItemVersion = z.infer<typeof itemVersionSchema>;
/** An item version with the time it was stored. */
export type StoredItemVersion = z.infer<typeof storedItemVersionSchema>;
/** Everything of a vault but the items. */
export type VaultHeader = z.infer<typeof vaultHeaderSchema>;
/** Answer of `GET accounts/api/vault`. */
export type VaultResponse = z.infer<typeof vaultResponseSchema>;
/** Body of `POST accounts/api/vault`. */
export type CreateVault = z.infer<typeof createVaultSchema>;
/** Answer of `GET accounts/api/vault/items`. */
export type ItemsResponse = z.infer<typeof itemsResponseSchema>;
/** Answer of `GET accounts/api/vault/items/<id>`. */
export type HistoryResponse = z.infer<typeof historyResponseSchema>;
/** Body of `POST accounts/api/vault/changes`. */
export type VaultChanges = z.infer<typeof vaultChangesSchema>;
/** Body of `PUT accounts/api/vault/keys`. */
export type ReplaceRootWraps = z.infer<typeof replaceRootWrapsSchema>;
/** Body of `POST accounts/api/vault/epochs`. */
export type AdvanceEpoch = z.infer<typeof advanceEpochSchema>;
/** Body of `POST accounts/api/vault/devices`. */
export type AddVaultDevice = z.infer<typeof addVaultDeviceSchema>;
/** Body of `DELETE accounts/api/vault`. */
export type RemoveVault = z.infer<typeof removeVaultSchema>;
/** Why a write was not done. */
export type VaultConflictReason = (typeof vaultConflictReasons)[number];
/** Why a request to the vault was refused. */
export type VaultRefusalReason = (typeof vaultRefusalReasons)[number];
/** Body that opens a pairing. */
export type OpenPairing = z.infer<typeof openPairingSchema>;
/** One step of a pairing. */
export type PairingStep = z.infer<typeof pairingStepSchema>;
/** An open pairing. */
export type Pairing = z.infer<typeof pairingSchema>;
/** Answer of `GET accounts/api/vault/relay`. */
export type PairingsResponse = z.infer<typeof pairingsResponseSchema>;
