import { malformed, parseRecord, textOf } from "../encoding/read-json.ts";

/** What an item is. */
export const itemKinds = ["api-key", "login", "note"] as const;

/** One of the kinds of items. */
export type ItemKind = (typeof itemKinds)[number];

/** What a list shows of an item. */
export interface ItemSummary {
	readonly kind: ItemKind;
	readonly name: string;
	readonly username: string;
	readonly url: string;
	/** True for the version that removed the item; the versions before it stay in the history. */
	readonly isDeleted: boolean;
	/** The item that somebody else changed at the same time; this one holds the other version. */
	readonly conflictOf: string | null;
}

/** What an item keeps. */
export interface ItemSecret {
	readonly value: string;
	readonly notes: string;
}

/** Both parts of an item. */
export interface ItemContent {
	readonly summary: ItemSummary;
	readonly secret: ItemSecret;
}

/** @throws {VaultError} `malformed` */
export function parseSummary(text: string): ItemSummary {
	const record = parseRecord(text);
	const kind = itemKinds.find((known) => known === record.kind);
	const { isDeleted, conflictOf } = record;
	if (kind === undefined || typeof isDeleted !== "boolean" || (conflictOf !== null && typeof conflictOf !== "string")) {
		throw malformed();
	}
	return {
		kind,
		name: textOf(record, "name"),
		username: textOf(record, "username"),
		url: textOf(record, "url"),
		isDeleted,
		conflictOf,
	};
}

/** @throws {VaultError} `malformed` */
export function parseSecret(text: string): ItemSecret {
	const record = parseRecord(text);
	return { value: textOf(record, "value"), notes: textOf(record, "notes") };
}
