import { VaultError } from "../vault-error.ts";

/** An object of JSON whose members are not known yet. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** What is said of decrypted text that is not in the form this version writes. */
export function malformed(): VaultError {
	return new VaultError("malformed", "This was written by another program, or by a newer version of this one.");
}

/** @throws {VaultError} `malformed` when the text is no JSON object. */
export function parseRecord(text: string): JsonRecord {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw malformed();
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw malformed();
	}
	return { ...value };
}

/** @throws {VaultError} `malformed` when the member is no text. */
export function textOf(record: JsonRecord, name: string): string {
	const value = record[name];
	if (typeof value !== "string") {
		throw malformed();
	}
	return value;
}

/** @throws {VaultError} `malformed` when the member is no whole number. */
export function wholeNumberOf(record: JsonRecord, name: string): number {
	const value = record[name];
	if (typeof value !== "number" || !Number.isSafeInteger(value)) {
		throw malformed();
	}
	return value;
}
