import type { AdvanceEpoch, CreateVault, DeviceWrap, EpochWrap, RootWraps, VaultHeader } from "@opta/contracts/schema/vault";
import { decodeBase64Url } from "../encoding/base64url.ts";
import type { Bytes } from "../encoding/bytes.ts";
import { newId } from "../encoding/new-id.ts";
import { createManifest, type ManifestEntry } from "../items/manifest.ts";
import { type DeviceKeys, openOnDevice, type VaultDevice, wrapForDevice } from "../keys/device-wrap.ts";
import { createEpoch, openEarlierEpochs, openEpoch, type UserKey } from "../keys/epoch-wraps.ts";
import { createRecoveryKey, formatRecoveryKey, parseRecoveryKey } from "../keys/recovery-key.ts";
import { createRootKey, openWithPassphrase, openWithRecoveryKey, wrapRootKey } from "../keys/root-wraps.ts";
import type { VaultPlace } from "../keys/vault-place.ts";
import { VaultError } from "../vault-error.ts";

/** The keys of an open vault; they stay in memory. */
export interface UnlockedVault {
	readonly place: VaultPlace;
	/** Null on devices: they read and write items, but give access to nobody. */
	readonly rootKey: Bytes | null;
	/** Of all epochs, the newest first. */
	readonly userKeys: readonly UserKey[];
}

/** The user key that new versions are sealed under. */
export function newestUserKey({ userKeys }: UnlockedVault): UserKey {
	const [newest] = userKeys;
	if (newest === undefined) {
		throw new RangeError("An open vault has a user key.");
	}
	return newest;
}

/** The root key, for what devices may not do. @throws {VaultError} `cannot_open` on a device. */
export function requireRootKey({ rootKey }: UnlockedVault): Bytes {
	if (rootKey === null) {
		throw new VaultError("cannot_open", "This needs the passphrase or the recovery key; a device's own key is not enough.");
	}
	return rootKey;
}

function newestEpoch({ epochs }: VaultHeader): EpochWrap {
	const [newest] = epochs;
	if (newest === undefined) {
		throw new VaultError("malformed", "The vault has no keys; the server's answer is not complete.");
	}
	return newest;
}

/** Makes a vault: what goes to the server, the recovery key as it is printed, and the open vault. */
export async function createVault(
	userId: string,
	passphrase: string,
): Promise<{ readonly body: CreateVault; readonly recoveryKey: string; readonly unlocked: UnlockedVault }> {
	const place: VaultPlace = { userId, vaultId: newId() };
	const rootKey = createRootKey();
	const recoveryKey = createRecoveryKey();
	const { userKey, wrap } = await createEpoch(rootKey, place, null);
	const body: CreateVault = {
		vaultId: place.vaultId,
		root: await wrapRootKey(rootKey, passphrase, recoveryKey, place),
		epoch: { ...wrap, epoch: 1, previous: null },
		manifest: { ...(await createManifest(userKey, place, 1, [])), epoch: 1, counter: 1, itemCount: 0 },
	};
	return { body, recoveryKey: await formatRecoveryKey(recoveryKey), unlocked: { place, rootKey, userKeys: [userKey] } };
}

/** Opens all epochs with the root key. */
export async function openWithRootKey(rootKey: Bytes, header: VaultHeader, place: VaultPlace): Promise<UnlockedVault> {
	const newest = await openEpoch(rootKey, newestEpoch(header), place);
	return { place, rootKey, userKeys: await openEarlierEpochs(newest, header.epochs, place) };
}

/** @throws {VaultError} `cannot_open`, `weak_passphrase_cost`, `unsupported_version`, `malformed` */
export async function unlockWithPassphrase(userId: string, header: VaultHeader, passphrase: string): Promise<UnlockedVault> {
	const place: VaultPlace = { userId, vaultId: header.vaultId };
	return openWithRootKey(await openWithPassphrase(header.root, passphrase, place), header, place);
}

/** @throws {VaultError} `mistyped_recovery_key`, `cannot_open`, `unsupported_version`, `malformed` */
export async function unlockWithRecoveryKey(userId: string, header: VaultHeader, recoveryKey: string): Promise<UnlockedVault> {
	const place: VaultPlace = { userId, vaultId: header.vaultId };
	return openWithRootKey(await openWithRecoveryKey(header.root, await parseRecoveryKey(recoveryKey), place), header, place);
}

/** @throws {VaultError} `cannot_open` also when the device's access was ended; `unsupported_version`, `malformed` */
export async function unlockOnDevice(userId: string, header: VaultHeader, keys: DeviceKeys): Promise<UnlockedVault> {
	const place: VaultPlace = { userId, vaultId: header.vaultId };
	const epoch = newestEpoch(header);
	const wrap = header.devices.find(({ deviceId }) => deviceId === keys.deviceId);
	if (wrap === undefined) {
		throw new VaultError("cannot_open", "This device has no access to the vault; pair it again on the vault page.");
	}
	const newest = await openOnDevice(keys, wrap, epoch, place);
	return { place, rootKey: null, userKeys: await openEarlierEpochs(newest, header.epochs, place) };
}

/** New wraps of the root key, with a new passphrase and a new recovery key: the old ones open nothing that the server still has. */
export async function rewrapRoot(
	unlocked: UnlockedVault,
	passphrase: string,
): Promise<{ readonly root: RootWraps; readonly recoveryKey: string }> {
	const recoveryKey = createRecoveryKey();
	const root = await wrapRootKey(requireRootKey(unlocked), passphrase, recoveryKey, unlocked.place);
	return { root, recoveryKey: await formatRecoveryKey(recoveryKey) };
}

/** The device that a wrap was made for. */
export function deviceOf({ deviceId, deviceName, devicePublicKey }: DeviceWrap): VaultDevice {
	return { deviceId, deviceName, publicKey: decodeBase64Url(devicePublicKey, 32) };
}

/**
 * Makes a new user key for the devices that stay. Whoever had the old one reads what was sealed under it, and nothing that
 * is written from now on.
 */
export async function advanceEpoch(
	unlocked: UnlockedVault,
	remaining: readonly VaultDevice[],
	counter: number,
	entries: readonly ManifestEntry[],
): Promise<{ readonly body: AdvanceEpoch; readonly unlocked: UnlockedVault }> {
	const { place, userKeys } = unlocked;
	const rootKey = requireRootKey(unlocked);
	const previous = newestUserKey(unlocked);
	const { userKey, wrap } = await createEpoch(rootKey, place, previous);
	if (wrap.previous === null) {
		throw new RangeError("Only the first epoch has none before it.");
	}
	const body: AdvanceEpoch = {
		epoch: { ...wrap, previous: wrap.previous },
		devices: await Promise.all(remaining.map((device) => wrapForDevice(rootKey, userKey, device, place))),
		manifest: await createManifest(userKey, place, counter, entries),
	};
	return { body, unlocked: { place, rootKey, userKeys: [userKey, ...userKeys] } };
}
