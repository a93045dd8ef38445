import { hash, timingSafeEqual } from "node:crypto";

/** A key for inference by its name; only its SHA-256 is kept. */
export interface NamedKeyHash {
	readonly name: string;
	readonly sha256: Buffer;
}

/** Who a key belongs to. */
export type KeyOwner = { readonly kind: "admin" } | { readonly kind: "client"; readonly name: string };

/** SHA-256 of a key. Keys are long and random, or the user's own choice of 16 characters and more: nothing slower is needed. */
export function hashKey(key: string): Buffer {
	return hash("sha256", key, "buffer");
}

/** The keys that this server takes. */
export class KeyRing {
	readonly #admin: Buffer | null;
	readonly #clients: readonly NamedKeyHash[];

	constructor(admin: Buffer | null, clients: readonly NamedKeyHash[]) {
		this.#admin = admin;
		this.#clients = clients;
	}

	/** Inference needs a key. */
	get hasClientKeys(): boolean {
		return this.#clients.length > 0;
	}

	/** Finds the owner of a key. Every key is compared, in a time that says nothing about any. */
	find(key: string): KeyOwner | null {
		const given = hashKey(key);
		let owner: KeyOwner | null = null;
		for (const { name, sha256 } of this.#clients) {
			owner = timingSafeEqual(given, sha256) ? { kind: "client", name } : owner;
		}
		return this.#admin !== null && timingSafeEqual(given, this.#admin) ? { kind: "admin" } : owner;
	}
}

/** The key that a request brings: `Authorization: Bearer` (RFC 6750), else `x-api-key` as Anthropic's clients send it. */
export function presentedKey(headers: Readonly<Record<string, string | string[] | undefined>>): string | null {
	const { authorization, "x-api-key": apiKey } = headers;
	const bearer = typeof authorization === "string" ? /^bearer +(\S+) *$/i.exec(authorization)?.[1] : undefined;
	const key = bearer ?? (typeof apiKey === "string" ? apiKey : undefined);
	return key === undefined || key === "" ? null : key;
}
