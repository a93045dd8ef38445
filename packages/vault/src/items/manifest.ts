import type { ItemVersion, Manifest } from "@opta/contracts/schema/vault";
import { vaultFormatVersion } from "@opta/contracts/vault-limits";
import { decodeBase64Url, encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, concatBytes, equalBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import type { UserKey } from "../keys/epoch-wraps.ts";
import { checkFormatVersion, type VaultPlace } from "../keys/vault-place.ts";
import { authenticate, deriveKey, digest } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";

/** What the manifest says of an item: enough to notice another version, another text, or none. */
export interface ManifestEntry {
	readonly itemId: string;
	readonly version: number;
	readonly digest: Bytes;
}

/** What was last seen of a vault on this machine. A server that shows less has gone back in time. */
export interface VaultPin {
	readonly vaultId: string;
	readonly epoch: number;
	readonly counter: number;
}

/** The manifest's entry of an item's newest version. */
export async function entryOf({ itemId, version, epoch, summary, secret }: ItemVersion): Promise<ManifestEntry> {
	const message = canonical("item-digest", itemId, version, epoch, decodeBase64Url(summary), decodeBase64Url(secret));
	return { itemId, version, digest: await digest(message) };
}

async function macOf(userKey: UserKey, place: VaultPlace, counter: number, entries: readonly ManifestEntry[]): Promise<Bytes> {
	const sorted = entries.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1));
	const list = concatBytes(...sorted.map((entry) => canonical("manifest-entry", entry.itemId, entry.version, entry.digest)));
	const key = await deriveKey(userKey.key, canonical("manifest-key", place.userId, place.vaultId, userKey.epoch));
	return authenticate(key, canonical("manifest", place.userId, place.vaultId, userKey.epoch, counter, entries.length, list));
}

/** Makes the manifest of the newest versions of all items. */
export async function createManifest(
	userKey: UserKey,
	place: VaultPlace,
	counter: number,
	entries: readonly ManifestEntry[],
): Promise<Manifest> {
	const mac = encodeBase64Url(await macOf(userKey, place, counter, entries));
	return { version: vaultFormatVersion, epoch: userKey.epoch, counter, itemCount: entries.length, mac };
}

/**
 * Checks that the items are all and the newest ones that somebody with the key wrote.
 * @throws {VaultError} `manifest_mismatch` when an item is missing, added, older or changed; `unsupported_version`, `malformed`
 */
export async function checkManifest(
	userKey: UserKey,
	place: VaultPlace,
	manifest: Manifest,
	entries: readonly ManifestEntry[],
): Promise<void> {
	checkFormatVersion(manifest.version);
	const expected = await macOf(userKey, place, manifest.counter, entries);
	const isRight =
		manifest.epoch === userKey.epoch && manifest.itemCount === entries.length && equalBytes(decodeBase64Url(manifest.mac), expected);
	if (!isRight) {
		throw new VaultError(
			"manifest_mismatch",
			"The server's list of items is not the one that was last written: items are missing, old or changed.",
		);
	}
}

/**
 * Compares a checked manifest with what this machine saw last.
 * @throws {VaultError} `rolled_back` or `other_vault`
 */
export function checkPin(pin: VaultPin | null, place: VaultPlace, { epoch, counter }: Manifest): void {
	if (pin === null) {
		return;
	}
	if (pin.vaultId !== place.vaultId) {
		throw new VaultError("other_vault", "This is another vault than the one that was used here before.");
	}
	if (counter < pin.counter || epoch < pin.epoch) {
		throw new VaultError("rolled_back", "The server shows an older state of the vault than this machine has seen.");
	}
}
