import { encodeBase32, inGroups } from "../encoding/base32.ts";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, equalBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { parseRecord, textOf, wholeNumberOf } from "../encoding/read-json.ts";
import { open, seal } from "../primitives/aead.ts";
import { agree } from "../primitives/agreement.ts";
import { deriveKey, digest } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";

/** Who pairs with whom, as both sides know it before anything is exchanged. */
export interface PairingPlace {
	readonly userId: string;
	readonly pairingId: string;
	readonly deviceId: string;
	readonly deviceName: string;
}

/** What one side shows of itself. */
export interface PairingHalf {
	readonly publicKey: Bytes;
	readonly nonce: Bytes;
}

/** What the device learns at the end, and keeps. */
export interface PairingGift {
	readonly vaultId: string;
	/** Opens the wraps that are made for this device, and no others. */
	readonly pairingSecret: Bytes;
	/** The state of the vault at this moment: an older one is refused from now on. */
	readonly epoch: number;
	readonly counter: number;
}

const codeCharacters = 8;

/**
 * The device's commitment to its half. It is sent before the other side chooses its own half, so that nobody between the
 * two can look for a key that gives the same code: one guess at 40 bits is all there is.
 */
export function commitToHalf({ userId, pairingId, deviceId, deviceName }: PairingPlace, half: PairingHalf): Promise<Bytes> {
	return digest(canonical("pairing/commitment", userId, pairingId, deviceId, deviceName, half.publicKey, half.nonce));
}

/** @throws {VaultError} `cannot_open` when the device's half is not the one it committed to. */
export async function checkHalf(place: PairingPlace, commitment: Bytes, half: PairingHalf): Promise<void> {
	if (!equalBytes(commitment, await commitToHalf(place, half))) {
		throw new VaultError(
			"cannot_open",
			"The device that asks has changed in the middle of the pairing. Start again; do not trust this connection.",
		);
	}
}

/** Everything that both sides saw, in one digest. */
async function transcriptOf(
	{ userId, pairingId, deviceId, deviceName }: PairingPlace,
	device: PairingHalf,
	approver: PairingHalf,
): Promise<Bytes> {
	const halves = [device.publicKey, device.nonce, approver.publicKey, approver.nonce];
	return digest(canonical("pairing/transcript", userId, pairingId, deviceId, deviceName, ...halves));
}

/** The code that both screens show: two groups of four characters. */
export async function pairingCode(place: PairingPlace, device: PairingHalf, approver: PairingHalf): Promise<string> {
	const code = await digest(canonical("pairing/code", await transcriptOf(place, device, approver)));
	return inGroups(encodeBase32(code.slice(0, 5), codeCharacters));
}

async function giftKey(privateKey: Bytes, other: Bytes, transcript: Bytes): Promise<Bytes> {
	return deriveKey(await agree(privateKey, other), canonical("pairing/key", transcript));
}

/**
 * Seals the gift for the device, once its owner has compared the codes.
 * @throws {VaultError} `unsafe_public_key`
 */
export async function sealGift(
	place: PairingPlace,
	device: PairingHalf,
	approver: PairingHalf & { readonly privateKey: Bytes },
	gift: PairingGift,
): Promise<string> {
	const transcript = await transcriptOf(place, device, approver);
	const text = JSON.stringify({ ...gift, pairingSecret: encodeBase64Url(gift.pairingSecret) });
	const key = await giftKey(approver.privateKey, device.publicKey, transcript);
	return seal(key, new TextEncoder().encode(text), canonical("pairing/gift", transcript));
}

/**
 * Opens the gift on the device.
 * @throws {VaultError} `cannot_open`, `malformed`, `unsafe_public_key`
 */
export async function openGift(
	place: PairingPlace,
	device: PairingHalf & { readonly privateKey: Bytes },
	approver: PairingHalf,
	sealed: string,
): Promise<PairingGift> {
	const transcript = await transcriptOf(place, device, approver);
	const key = await giftKey(device.privateKey, approver.publicKey, transcript);
	const gift = parseRecord(new TextDecoder().decode(await open(key, sealed, canonical("pairing/gift", transcript))));
	return {
		vaultId: textOf(gift, "vaultId"),
		pairingSecret: decodeBase64Url(gift.pairingSecret, 32),
		epoch: wholeNumberOf(gift, "epoch"),
		counter: wholeNumberOf(gift, "counter"),
	};
}
