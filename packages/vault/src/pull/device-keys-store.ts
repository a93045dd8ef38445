import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { parseRecord, textOf } from "../encoding/read-json.ts";
import type { DeviceKeys } from "../keys/device-wrap.ts";
import type { SecretStore } from "./secret-store.ts";

/** No item can have this place: accounts of items begin with `item `. */
const account = "device keys";

/** Keeps the device's own keys beside the secrets that they open. */
export async function writeDeviceKeys(store: SecretStore, { deviceId, privateKey, publicKey, pairingSecret }: DeviceKeys): Promise<void> {
	const keys = {
		deviceId,
		privateKey: encodeBase64Url(privateKey),
		publicKey: encodeBase64Url(publicKey),
		pairingSecret: encodeBase64Url(pairingSecret),
	};
	await store.write(account, JSON.stringify(keys));
}

/**
 * The device's own keys; null before it was paired.
 * @throws {VaultError} `malformed`
 */
export async function readDeviceKeys(store: SecretStore): Promise<DeviceKeys | null> {
	const text = await store.read(account);
	if (text === null) {
		return null;
	}
	const record = parseRecord(text);
	return {
		deviceId: textOf(record, "deviceId"),
		privateKey: decodeBase64Url(record.privateKey, 32),
		publicKey: decodeBase64Url(record.publicKey, 32),
		pairingSecret: decodeBase64Url(record.pairingSecret, 32),
	};
}

/** Forgets the device's own keys. */
export function removeDeviceKeys(store: SecretStore): Promise<void> {
	return store.remove(account);
}
