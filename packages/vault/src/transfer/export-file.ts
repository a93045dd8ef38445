import type { PassphraseCost } from "@opta/contracts/schema/vault";
import { leastPassphraseCost, vaultFormatVersion } from "@opta/contracts/vault-limits";
import { encodeBase64Url } from "../encoding/base64url.ts";
import { type Bytes, randomBytes } from "../encoding/bytes.ts";
import { canonical } from "../encoding/canonical.ts";
import { pad, unpad } from "../encoding/padding.ts";
import { type JsonRecord, parseRecord, textOf, wholeNumberOf } from "../encoding/read-json.ts";
import { checkFormatVersion } from "../keys/vault-place.ts";
import { open, seal } from "../primitives/aead.ts";
import { deriveKey } from "../primitives/derive.ts";
import { stretchPassphrase } from "../primitives/stretch.ts";
import { checkCount, type PortableItem, portableFrom, unreadable } from "./portable-item.ts";

const format = "opta-vault-export";

function bound({ algorithm, memoryKiB, iterations, parallelism, salt }: PassphraseCost): Bytes {
	return canonical("export", algorithm, memoryKiB, iterations, parallelism, salt);
}

async function fileKey(passphrase: string, cost: PassphraseCost): Promise<Bytes> {
	return deriveKey(await stretchPassphrase(passphrase, cost), canonical("kek/export"));
}

/** Items as a file that only its passphrase opens. */
export async function sealExport(items: readonly PortableItem[], passphrase: string): Promise<string> {
	const cost: PassphraseCost = { algorithm: "argon2id", ...leastPassphraseCost, salt: encodeBase64Url(randomBytes(16)) };
	const plaintext = pad(new TextEncoder().encode(formatPlainItems(items)));
	const sealed = await seal(await fileKey(passphrase, cost), plaintext, bound(cost));
	return `${JSON.stringify({ format, version: vaultFormatVersion, cost, sealed })}\n`;
}

function costOf(record: JsonRecord): PassphraseCost {
	const cost = parseRecord(JSON.stringify(record.cost ?? null));
	if (cost.algorithm !== "argon2id") {
		throw unreadable("it was sealed in a way that this version does not know");
	}
	const number = (name: string): number => wholeNumberOf(cost, name);
	return {
		algorithm: "argon2id",
		memoryKiB: number("memoryKiB"),
		iterations: number("iterations"),
		parallelism: number("parallelism"),
		salt: textOf(cost, "salt"),
	};
}

/** True for the text of a sealed export, which needs its passphrase. */
export function isSealedExport(text: string): boolean {
	try {
		return parseRecord(text).format === format;
	} catch {
		return false;
	}
}

/**
 * Opens a sealed export.
 * @throws {VaultError} `cannot_open`, `weak_passphrase_cost`, `unsupported_version`, `malformed`
 */
export async function openExport(text: string, passphrase: string): Promise<readonly PortableItem[]> {
	const file = parseRecord(text);
	if (file.format !== format) {
		throw unreadable("it is no export of a vault");
	}
	checkFormatVersion(file.version);
	const cost = costOf(file);
	const plaintext = unpad(await open(await fileKey(passphrase, cost), file.sealed, bound(cost)));
	return parsePlainItems(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext));
}

/** Items as readable JSON. */
export function formatPlainItems(items: readonly PortableItem[]): string {
	return `${JSON.stringify({ items }, null, "\t")}\n`;
}

/** @throws {VaultError} `malformed` */
export function parsePlainItems(text: string): readonly PortableItem[] {
	const { items } = parseRecord(text);
	if (!Array.isArray(items)) {
		throw unreadable('it has no list "items"');
	}
	return checkCount(items).map((item) => portableFrom(parseRecord(JSON.stringify(item ?? null))));
}
