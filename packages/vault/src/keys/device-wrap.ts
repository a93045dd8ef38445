import type { DeviceWrap, EpochWrap } from "@opta/contracts/schema/vault";
import { vaultFormatVersion } from "@opta/contracts/vault-limits";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, concatBytes, equalBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { open, seal } from "../primitives/aead.ts";
import { agree, createKeyPair, type KeyPair } from "../primitives/agreement.ts";
import { deriveKey } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";
import { checkUserKey, type UserKey } from "./epoch-wraps.ts";
import { checkFormatVersion, type VaultPlace } from "./vault-place.ts";

/** A device that may open the vault. */
export interface VaultDevice {
	readonly deviceId: string;
	readonly deviceName: string;
	readonly publicKey: Bytes;
}

/** What a device keeps of its own: its key pair, and the secret that it got when it was paired. */
export interface DeviceKeys extends KeyPair {
	readonly deviceId: string;
	readonly pairingSecret: Bytes;
}

/**
 * The secret that a device gets when it is paired. It is bound to the device's public key and comes from the root key,
 * which no device and no server has: nobody else can make a wrap that this device opens, or put another key in its place.
 */
export function pairingSecretOf(
	rootKey: Bytes,
	place: VaultPlace,
	{ deviceId, publicKey }: Omit<VaultDevice, "deviceName">,
): Promise<Bytes> {
	return deriveKey(rootKey, canonical("device-pairing-secret", place.userId, place.vaultId, deviceId, publicKey));
}

interface Ends {
	readonly deviceId: string;
	readonly devicePublicKey: Bytes;
	readonly ephemeralPublicKey: Bytes;
}

function wrapKey(shared: Bytes, pairingSecret: Bytes, place: VaultPlace, epoch: number, ends: Ends): Promise<Bytes> {
	const info = canonical("kek/device", place.userId, place.vaultId, ends.deviceId, epoch);
	return deriveKey(concatBytes(shared, pairingSecret), info, concatBytes(ends.ephemeralPublicKey, ends.devicePublicKey));
}

function bound(place: VaultPlace, epoch: number, deviceName: string, ends: Ends): Bytes {
	return canonical(
		"user/device",
		place.userId,
		place.vaultId,
		epoch,
		ends.deviceId,
		deviceName,
		ends.devicePublicKey,
		ends.ephemeralPublicKey,
	);
}

/**
 * Seals the user key of an epoch to a device.
 * @throws {VaultError} `unsafe_public_key`
 */
export async function wrapForDevice(rootKey: Bytes, userKey: UserKey, device: VaultDevice, place: VaultPlace): Promise<DeviceWrap> {
	const { deviceId, deviceName, publicKey: devicePublicKey } = device;
	const ephemeral = await createKeyPair();
	const ends = { deviceId, devicePublicKey, ephemeralPublicKey: ephemeral.publicKey };
	const shared = await agree(ephemeral.privateKey, devicePublicKey);
	const key = await wrapKey(shared, await pairingSecretOf(rootKey, place, device), place, userKey.epoch, ends);
	return {
		version: vaultFormatVersion,
		epoch: userKey.epoch,
		deviceId,
		deviceName,
		devicePublicKey: encodeBase64Url(devicePublicKey),
		ephemeralPublicKey: encodeBase64Url(ephemeral.publicKey),
		sealed: await seal(key, userKey.key, bound(place, userKey.epoch, deviceName, ends)),
	};
}

/**
 * Opens the user key with a device's own keys.
 * @throws {VaultError} `cannot_open`, `unsupported_version`, `malformed`, `unsafe_public_key`
 */
export async function openOnDevice(keys: DeviceKeys, wrap: DeviceWrap, epochWrap: EpochWrap, place: VaultPlace): Promise<UserKey> {
	checkFormatVersion(wrap.version);
	const ends = {
		deviceId: keys.deviceId,
		devicePublicKey: decodeBase64Url(wrap.devicePublicKey, 32),
		ephemeralPublicKey: decodeBase64Url(wrap.ephemeralPublicKey, 32),
	};
	if (wrap.deviceId !== keys.deviceId || !equalBytes(ends.devicePublicKey, keys.publicKey) || wrap.epoch !== epochWrap.epoch) {
		throw new VaultError("cannot_open", "This cannot be opened: the key is not the right one, or the data were changed.");
	}
	const shared = await agree(keys.privateKey, ends.ephemeralPublicKey);
	const key = await open(
		await wrapKey(shared, keys.pairingSecret, place, wrap.epoch, ends),
		wrap.sealed,
		bound(place, wrap.epoch, wrap.deviceName, ends),
	);
	await checkUserKey(key, epochWrap, place);
	return { epoch: wrap.epoch, key };
}
