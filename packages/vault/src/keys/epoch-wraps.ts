import type { EpochWrap } from "@opta/contracts/schema/vault";
import { vaultFormatVersion } from "@opta/contracts/vault-limits";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, randomBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { open, seal } from "../primitives/aead.ts";
import { deriveKey } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";
import { checkCommitment, checkFormatVersion, commitTo, type VaultPlace } from "./vault-place.ts";

/** The user key of an epoch: items are sealed under keys derived from it. */
export interface UserKey {
	readonly epoch: number;
	readonly key: Bytes;
}

function rootKeyFor(rootKey: Bytes, place: VaultPlace, epoch: number): Promise<Bytes> {
	return deriveKey(rootKey, canonical("kek/epoch", place.userId, place.vaultId, epoch));
}

function previousKeyFor(userKey: Bytes, place: VaultPlace, epoch: number): Promise<Bytes> {
	return deriveKey(userKey, canonical("kek/previous-epoch", place.userId, place.vaultId, epoch));
}

function bound(place: VaultPlace, purpose: "epoch" | "previous-epoch", epoch: number): Bytes {
	return canonical(`user/${purpose}`, place.userId, place.vaultId, epoch);
}

/** Makes the user key of the epoch after `previous`, or of the first. */
export async function createEpoch(
	rootKey: Bytes,
	place: VaultPlace,
	previous: UserKey | null,
): Promise<{ userKey: UserKey; wrap: EpochWrap }> {
	const epoch = (previous?.epoch ?? 0) + 1;
	const key = randomBytes(32);
	const wrap: EpochWrap = {
		version: vaultFormatVersion,
		epoch,
		commitment: encodeBase64Url(await commitTo("user", key, place, epoch)),
		sealed: await seal(await rootKeyFor(rootKey, place, epoch), key, bound(place, "epoch", epoch)),
		previous:
			previous === null ? null : await seal(await previousKeyFor(key, place, epoch), previous.key, bound(place, "previous-epoch", epoch)),
	};
	return { userKey: { epoch, key }, wrap };
}

/** @throws {VaultError} `cannot_open` when a user key is not the one its epoch committed to. */
export async function checkUserKey(key: Bytes, { epoch, commitment }: EpochWrap, place: VaultPlace): Promise<void> {
	checkCommitment(decodeBase64Url(commitment, 32), await commitTo("user", key, place, epoch));
}

/**
 * Opens the user key of an epoch with the root key.
 * @throws {VaultError} `cannot_open`, `unsupported_version`, `malformed`
 */
export async function openEpoch(rootKey: Bytes, wrap: EpochWrap, place: VaultPlace): Promise<UserKey> {
	checkFormatVersion(wrap.version);
	const key = await open(await rootKeyFor(rootKey, place, wrap.epoch), wrap.sealed, bound(place, "epoch", wrap.epoch));
	await checkUserKey(key, wrap, place);
	return { epoch: wrap.epoch, key };
}

/**
 * Goes back from the newest user key to all before it, for items that were not sealed anew since.
 * @param wraps of all epochs, the newest first, without a gap
 * @throws {VaultError} `cannot_open`, `unsupported_version`, `malformed`
 */
export async function openEarlierEpochs(newest: UserKey, wraps: readonly EpochWrap[], place: VaultPlace): Promise<readonly UserKey[]> {
	const keys = [newest];
	let { epoch, key } = newest;
	for (const [index, wrap] of wraps.entries()) {
		checkFormatVersion(wrap.version);
		const isNext =
			wrap.epoch === epoch && (wrap.previous === null) === (epoch === 1) && (wrap.previous === null) === (index === wraps.length - 1);
		if (!isNext) {
			throw new VaultError("malformed", "The vault's epochs are not complete.");
		}
		if (wrap.previous !== null) {
			key = await open(await previousKeyFor(key, place, epoch), wrap.previous, bound(place, "previous-epoch", epoch));
			epoch -= 1;
			keys.push({ epoch, key });
		}
	}
	return keys;
}
