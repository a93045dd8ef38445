import type { ItemVersion } from "@opta/contracts/schema/vault";
import { mostItemsInOneWrite } from "@opta/contracts/vault-limits";
import { newId } from "../encoding/new-id.ts";
import { sealItem } from "../items/item-cipher.ts";
import type { ItemContent, ItemSummary } from "../items/item-content.ts";
import { newestUserKey } from "../unlock/unlocked-vault.ts";
import type { OpenVault } from "./open-vault.ts";
import { readItem } from "./read-items.ts";
import { VaultServerError } from "./vault-http.ts";

/** An item to be written: new, or the version after the one that its writer saw. */
export interface ItemDraft {
	/** Null for a new item. */
	readonly itemId: string | null;
	/** The version that was shown when the change began; 0 for a new item. */
	readonly baseVersion: number;
	readonly content: ItemContent;
}

/** What became of a draft. `keptBoth`: somebody else changed the item first, and what was typed is an item of its own now. */
export interface SaveOutcome {
	readonly state: "saved" | "keptBoth";
	readonly itemId: string;
}

interface Batch {
	readonly versions: readonly ItemVersion[];
	readonly outcomes: readonly SaveOutcome[];
}

/** Something that is to be removed was changed by somebody else. */
class ChangedSinceError extends Error {
	override readonly name = "ChangedSinceError";
}

const mostAttempts = 8;
/** Characters of sealed items in one request; what a request may have is more. */
const mostCharacters = 1_600_000;

async function sealDraft({ store, unlocked }: OpenVault, { itemId, baseVersion, content }: ItemDraft): Promise<[ItemVersion, SaveOutcome]> {
	const isBehind = itemId !== null && store.newest(itemId)?.version !== baseVersion;
	if (isBehind && content.summary.isDeleted) {
		throw new ChangedSinceError();
	}
	const target = isBehind || itemId === null ? newId() : itemId;
	const version = isBehind ? 1 : baseVersion + 1;
	const own = isBehind ? { ...content, summary: { ...content.summary, conflictOf: itemId, isDeleted: false } } : content;
	const sealed = await sealItem(newestUserKey(unlocked), unlocked.place, { itemId: target, version }, own);
	return [sealed, { state: isBehind ? "keptBoth" : "saved", itemId: target }];
}

async function sealBatch(vault: OpenVault, waiting: readonly ItemDraft[]): Promise<Batch> {
	const versions: ItemVersion[] = [];
	const outcomes: SaveOutcome[] = [];
	let characters = 0;
	for (const draft of waiting.slice(0, mostItemsInOneWrite)) {
		const [sealed, outcome] = await sealDraft(vault, draft);
		characters += sealed.summary.length + sealed.secret.length;
		if (versions.length > 0 && characters > mostCharacters) {
			break;
		}
		versions.push(sealed);
		outcomes.push(outcome);
	}
	return { versions, outcomes };
}

/** True when the server has exactly these versions: the answer to an earlier attempt was lost on the way. */
function isWritten({ store }: OpenVault, versions: readonly ItemVersion[]): boolean {
	return versions.every(({ itemId, summary, secret }) => {
		const newest = store.newest(itemId);
		return newest?.summary === summary && newest.secret === secret;
	});
}

async function writeBatch(vault: OpenVault, waiting: readonly ItemDraft[]): Promise<Batch> {
	for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
		const batch = await sealBatch(vault, waiting);
		try {
			const manifest = await vault.store.manifestWith(vault.unlocked, batch.versions);
			await vault.routes.write({ items: [...batch.versions], manifest });
			await vault.refresh();
			return batch;
		} catch (error) {
			if (!(error instanceof VaultServerError) || (error.code !== "conflict" && error.code !== "unavailable")) {
				throw error;
			}
			await vault.refresh();
			if (isWritten(vault, batch.versions)) {
				return batch;
			}
			if (error.code === "unavailable") {
				throw error;
			}
		}
	}
	throw new VaultServerError("conflict", "Others are writing all the time. Nothing was saved; try again in a moment.");
}

/**
 * Writes items, in as few requests as they take; each request is stored whole or not at all. Where somebody else changed
 * an item first, both are kept: theirs in the item, this one beside it.
 * @param onProgress called with the number of drafts that are stored
 * @throws {VaultError} @throws {VaultServerError}
 */
export async function saveItems(
	vault: OpenVault,
	drafts: readonly ItemDraft[],
	onProgress: (written: number) => void = () => undefined,
): Promise<readonly SaveOutcome[]> {
	const outcomes: SaveOutcome[] = [];
	while (outcomes.length < drafts.length) {
		const batch = await writeBatch(vault, drafts.slice(outcomes.length));
		outcomes.push(...batch.outcomes);
		onProgress(outcomes.length);
	}
	return outcomes;
}

/** Writes one item; see `saveItems`. */
export async function saveItem(vault: OpenVault, draft: ItemDraft): Promise<SaveOutcome> {
	const [outcome] = await saveItems(vault, [draft]);
	if (outcome === undefined) {
		throw new RangeError("Every draft has an outcome.");
	}
	return outcome;
}

/**
 * Removes an item; what it was stays in the history, from where it can be restored.
 * @returns false when somebody else changed the item since, and it was not removed
 */
export async function removeItem(vault: OpenVault, itemId: string, baseVersion: number): Promise<boolean> {
	await vault.refresh();
	const { kind, name, username, url } = await readItem(vault, itemId);
	const summary: ItemSummary = { kind, name, username, url, isDeleted: true, conflictOf: null };
	try {
		await saveItem(vault, { itemId, baseVersion, content: { summary, secret: { value: "", notes: "" } } });
		return true;
	} catch (error) {
		if (error instanceof ChangedSinceError) {
			return false;
		}
		throw error;
	}
}
