import { type JsonRecord, textOf } from "../encoding/read-json.ts";
import { type ItemContent, type ItemKind, itemKinds } from "../items/item-content.ts";
import { VaultError } from "../vault-error.ts";

/** An item outside of a vault. */
export interface PortableItem {
	readonly kind: ItemKind;
	readonly name: string;
	readonly username: string;
	readonly url: string;
	readonly value: string;
	readonly notes: string;
}

/** Items that one file may bring. */
const mostItems = 5_000;

/** What is said of a file that cannot be read, with the reason. */
export function unreadable(reason: string): VaultError {
	return new VaultError("malformed", `This file cannot be imported: ${reason}. Nothing was imported.`);
}

/** @throws {VaultError} `malformed` when there are too many. */
export function checkCount<T>(items: readonly T[]): readonly T[] {
	if (items.length > mostItems) {
		throw unreadable(`it has ${items.length} items, and at most ${mostItems} are taken at a time`);
	}
	return items;
}

/** @throws {VaultError} `malformed` */
export function portableFrom(record: JsonRecord): PortableItem {
	const kind = itemKinds.find((known) => known === record.kind);
	if (kind === undefined) {
		throw unreadable("an item is of no kind that this version knows");
	}
	const text = (name: string): string => textOf(record, name);
	return { kind, name: text("name"), username: text("username"), url: text("url"), value: text("value"), notes: text("notes") };
}

/** The content of a new item. */
export function contentOf({ kind, name, username, url, value, notes }: PortableItem): ItemContent {
	return { summary: { kind, name, username, url, isDeleted: false, conflictOf: null }, secret: { value, notes } };
}
