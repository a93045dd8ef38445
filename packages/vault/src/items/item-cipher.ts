import type { ItemVersion } from "@opta/contracts/schema/vault";
import { longestSealedCharacters, longestSummaryCharacters } from "@opta/contracts/vault-limits";
import type { Bytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { pad, unpad } from "../encoding/padding.ts";
import type { UserKey } from "../keys/epoch-wraps.ts";
import type { VaultPlace } from "../keys/vault-place.ts";
import { open, seal } from "../primitives/aead.ts";
import { deriveKey } from "../primitives/derive.ts";
import { VaultError } from "../vault-error.ts";
import { type ItemContent, type ItemSecret, type ItemSummary, parseSecret, parseSummary } from "./item-content.ts";

/** Which version of which item. */
export interface ItemPlace {
	readonly itemId: string;
	readonly version: number;
}

type Field = "summary" | "secret";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A key for one version of one item, so that a random nonce is used with few texts only. */
function itemKey({ epoch, key }: UserKey, place: VaultPlace, { itemId, version }: ItemPlace): Promise<Bytes> {
	return deriveKey(key, canonical("item-key", place.userId, place.vaultId, itemId, version, epoch));
}

function bound(place: VaultPlace, { itemId, version }: ItemPlace, epoch: number, field: Field): Bytes {
	return canonical("item", place.userId, place.vaultId, itemId, field, version, epoch);
}

/**
 * Seals an item for its place: user, vault, item, field, version and epoch are all bound.
 * @throws {VaultError} `too_large`
 */
export async function sealItem(userKey: UserKey, place: VaultPlace, item: ItemPlace, content: ItemContent): Promise<ItemVersion> {
	const key = await itemKey(userKey, place, item);
	const sealField = (field: Field) =>
		seal(key, pad(encoder.encode(JSON.stringify(content[field]))), bound(place, item, userKey.epoch, field));
	const [summary, secret] = await Promise.all([sealField("summary"), sealField("secret")]);
	if (summary.length > longestSummaryCharacters || secret.length > longestSealedCharacters) {
		throw new VaultError("too_large", "The item is too large: a value may have about 1 MB, names and addresses a few thousand characters.");
	}
	return { itemId: item.itemId, version: item.version, epoch: userKey.epoch, summary, secret };
}

async function openField(keys: readonly UserKey[], place: VaultPlace, item: ItemVersion, field: Field): Promise<string> {
	const userKey = keys.find(({ epoch }) => epoch === item.epoch);
	if (userKey === undefined) {
		throw new VaultError("cannot_open", "This cannot be opened: the key is not the right one, or the data were changed.");
	}
	const plaintext = unpad(await open(await itemKey(userKey, place, item), item[field], bound(place, item, item.epoch, field)));
	return decoder.decode(plaintext);
}

/**
 * Opens what a list shows.
 * @param keys user keys of all epochs
 * @throws {VaultError} `cannot_open`, `malformed`
 */
export async function openSummary(keys: readonly UserKey[], place: VaultPlace, item: ItemVersion): Promise<ItemSummary> {
	return parseSummary(await openField(keys, place, item, "summary"));
}

/**
 * Opens what an item keeps.
 * @throws {VaultError} `cannot_open`, `malformed`
 */
export async function openSecret(keys: readonly UserKey[], place: VaultPlace, item: ItemVersion): Promise<ItemSecret> {
	return parseSecret(await openField(keys, place, item, "secret"));
}
