import { type Pairing, pairingsResponseSchema } from "@opta/contracts/schema/vault";
import { z } from "zod";
import { callVault, type VaultHttp, VaultServerError } from "../client/vault-http.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { randomBytes } from "../encoding/bytes.ts";
import { newId } from "../encoding/new-id.ts";
import type { VaultPin } from "../items/manifest.ts";
import type { DeviceKeys } from "../keys/device-wrap.ts";
import { createKeyPair } from "../primitives/agreement.ts";
import { commitToHalf, openGift, type PairingPlace, pairingCode } from "./exchange.ts";

const nonceBytes = 16;
const relayPath = "/api/vault/relay";

/** What the device that wants in needs. */
export interface PairDeviceOptions {
	readonly http: VaultHttp;
	readonly userId: string;
	readonly deviceId: string;
	readonly deviceName: string;
	/** Shows the code and asks whether the browser shows the same; false ends the pairing. */
	readonly confirm: (code: string) => Promise<boolean>;
	/** Waits before the relay is asked again. Rejects to give up. */
	readonly pause: () => Promise<void>;
}

/** What a paired device keeps: its keys, and the state of the vault that it was told. */
export interface PairedDevice {
	readonly keys: DeviceKeys;
	readonly pin: VaultPin;
}

/** Reads the device's own pairing until it has what is waited for. Ends when it is gone: refused in the browser, or too late. */
async function waitFor<T>({ http, pause }: PairDeviceOptions, pick: (pairing: Pairing) => T | null): Promise<T> {
	for (;;) {
		const { pairings } = await callVault(http, pairingsResponseSchema, "GET", relayPath);
		const [own] = pairings;
		if (own === undefined) {
			throw new VaultServerError("cancelled", "The pairing was refused in the browser, or took longer than five minutes. Start again.");
		}
		const found = pick(own);
		if (found !== null) {
			return found;
		}
		await pause();
	}
}

/**
 * Asks the browser that has the vault open to let this device in: commits to a key, shows it once the browser has chosen
 * its own, has the codes compared on both sides, and opens what the browser sends.
 * @throws {VaultServerError} `cancelled` when either side says no
 * @throws {VaultError} `cannot_open` when somebody stands between the two
 */
export async function pairDevice(options: PairDeviceOptions): Promise<PairedDevice> {
	const { http, userId, deviceId, deviceName, confirm } = options;
	const pair = await createKeyPair();
	const own = { ...pair, nonce: randomBytes(nonceBytes) };
	const place: PairingPlace = { userId, pairingId: newId(), deviceId, deviceName };
	const commitment = encodeBase64Url(await commitToHalf(place, own));
	await callVault(http, z.unknown(), "POST", relayPath, { pairingId: place.pairingId, deviceId, deviceName, commitment });
	const answer = await waitFor(options, (pairing) => pairing.answer);
	const browser = { publicKey: decodeBase64Url(answer.publicKey, 32), nonce: decodeBase64Url(answer.nonce, nonceBytes) };
	const reveal = { step: "reveal", publicKey: encodeBase64Url(own.publicKey), nonce: encodeBase64Url(own.nonce) };
	await callVault(http, z.unknown(), "POST", `${relayPath}/${place.pairingId}`, reveal);
	if (!(await confirm(await pairingCode(place, own, browser)))) {
		await callVault(http, z.unknown(), "DELETE", `${relayPath}/${place.pairingId}`);
		throw new VaultServerError(
			"cancelled",
			"The codes differ, so nothing was taken over. Somebody may be in between; start again elsewhere.",
		);
	}
	const sealed = await waitFor(options, (pairing) => pairing.sealed);
	const { vaultId, pairingSecret, epoch, counter } = await openGift(place, own, browser, sealed);
	return { keys: { ...pair, deviceId, pairingSecret }, pin: { vaultId, epoch, counter } };
}
