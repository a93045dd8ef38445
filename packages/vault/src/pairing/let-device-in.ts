import { type Pairing, pairingsResponseSchema } from "@opta/contracts/schema/vault";
import { z } from "zod";
import type { OpenVault } from "../client/open-vault.ts";
import { callVault, type VaultHttp, VaultServerError } from "../client/vault-http.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { randomBytes } from "../encoding/bytes.ts";
import { pairingSecretOf, wrapForDevice } from "../keys/device-wrap.ts";
import { createKeyPair, type KeyPair } from "../primitives/agreement.ts";
import { newestUserKey, requireRootKey } from "../unlock/unlocked-vault.ts";
import { checkHalf, type PairingHalf, type PairingPlace, pairingCode, sealGift } from "./exchange.ts";

const nonceBytes = 16;
const relayPath = "/api/vault/relay";

/** A device that asks to be let in, and the browser's own half, which it has been sent. */
export interface AnsweredPairing {
	readonly place: PairingPlace;
	readonly commitment: string;
	readonly own: KeyPair & PairingHalf;
}

/** A pairing whose codes can be compared. */
export interface ComparedPairing extends AnsweredPairing {
	readonly device: PairingHalf;
	readonly code: string;
}

/** Devices that ask now. */
export async function readPairings(http: VaultHttp): Promise<readonly Pairing[]> {
	return (await callVault(http, pairingsResponseSchema, "GET", relayPath)).pairings;
}

/** Chooses this browser's half and sends it; the device has committed to its own before. */
export async function answerPairing(http: VaultHttp, userId: string, pairing: Pairing): Promise<AnsweredPairing> {
	const { pairingId, deviceId, deviceName, commitment } = pairing;
	const own = { ...(await createKeyPair()), nonce: randomBytes(nonceBytes) };
	const step = { step: "answer", publicKey: encodeBase64Url(own.publicKey), nonce: encodeBase64Url(own.nonce) };
	await callVault(http, z.unknown(), "POST", `${relayPath}/${pairingId}`, step);
	return { place: { userId, pairingId, deviceId, deviceName }, commitment, own };
}

/**
 * The code to compare, once the device has shown its half; null while it has not.
 * @throws {VaultServerError} `cancelled` when the pairing is gone
 * @throws {VaultError} `cannot_open` when the half is not the one that was committed to
 */
export async function comparePairing(http: VaultHttp, answered: AnsweredPairing): Promise<ComparedPairing | null> {
	const { place, commitment, own } = answered;
	const pairing = (await readPairings(http)).find(({ pairingId }) => pairingId === place.pairingId);
	if (pairing === undefined) {
		throw new VaultServerError("cancelled", "The device gave up, or five minutes have passed. Start again on the device.");
	}
	if (pairing.reveal === null) {
		return null;
	}
	const device = { publicKey: decodeBase64Url(pairing.reveal.publicKey, 32), nonce: decodeBase64Url(pairing.reveal.nonce, nonceBytes) };
	await checkHalf(place, decodeBase64Url(commitment, 32), device);
	return { ...answered, device, code: await pairingCode(place, device, own) };
}

/**
 * Lets the device in, after its owner said that both codes are the same.
 * @throws {VaultError} @throws {VaultServerError}
 */
export async function letDeviceIn(http: VaultHttp, vault: OpenVault, { place, device, own }: ComparedPairing): Promise<void> {
	const { unlocked, store } = vault;
	const rootKey = requireRootKey(unlocked);
	const userKey = newestUserKey(unlocked);
	const paired = { deviceId: place.deviceId, deviceName: place.deviceName, publicKey: device.publicKey };
	await vault.routes.addDevice({ wrap: await wrapForDevice(rootKey, userKey, paired, unlocked.place) });
	const gift = {
		vaultId: unlocked.place.vaultId,
		pairingSecret: await pairingSecretOf(rootKey, unlocked.place, paired),
		epoch: userKey.epoch,
		counter: store.nextCounter - 1,
	};
	const sealed = await sealGift(place, device, own, gift);
	await callVault(http, z.unknown(), "POST", `${relayPath}/${place.pairingId}`, { step: "seal", sealed });
	await vault.refresh();
}

/** Says no to a device. */
export async function refusePairing(http: VaultHttp, pairingId: string): Promise<void> {
	await callVault(http, z.unknown(), "DELETE", `${relayPath}/${pairingId}`);
}
