import type { AnswerError } from "../../serving/backend.ts";
import type { KeyOwner } from "./key-ring.ts";

/** What a route needs: nothing, a key for inference where there are keys, or the admin key. */
export type AccessLevel = "open" | "inference" | "admin";

const openRoutes: ReadonlySet<string> = new Set(["/", "/*", "/healthz", "/readyz", "/openapi.json", "/docs", "/docs/*"]);
const inferenceRoutes: ReadonlySet<string> = new Set([
	"/tokenize",
	"/detokenize",
	"/apply-template",
	"/chat/completions",
	"/completions",
	"/embeddings",
	"/rerank",
]);

/** The level of a route by its pattern. A route that nobody thought of belongs to the admin. */
export function levelOf(pattern: string): AccessLevel {
	if (openRoutes.has(pattern)) {
		return "open";
	}
	return inferenceRoutes.has(pattern) || pattern.startsWith("/v1/") ? "inference" : "admin";
}

/** What is known of a request that wants in. */
export interface AccessQuestion {
	readonly level: AccessLevel;
	/** The connection comes from this machine. */
	readonly isLocal: boolean;
	/** A web page of another origin asks, one that the configuration allows. */
	readonly isForeignPage: boolean;
	/** Whose key it brings; null for none, or for one that is wrong. */
	readonly owner: KeyOwner | null;
	/** The configuration has keys for inference. */
	readonly needsClientKey: boolean;
	/** The admin API has no key on the LAN, as the configuration wants. */
	readonly isAdminOpen: boolean;
}

const whereKeysAre = 'Send it as "Authorization: Bearer <key>" or "x-api-key: <key>".';

/**
 * Null when a request may pass, else why not. On this machine nothing needs a key; on the LAN inference needs one
 * where there are keys, and the admin API needs the admin key. A page of another origin has no part in that trust
 * for the admin API: whoever visits it did not ask for that.
 */
export function refusalOf({ level, isLocal, isForeignPage, owner, needsClientKey, isAdminOpen }: AccessQuestion): AnswerError | null {
	switch (level) {
		case "open":
			return null;
		case "inference":
			return isLocal || !needsClientKey || owner !== null
				? null
				: { code: "unauthenticated", message: `This host wants a key for inference. ${whereKeysAre}` };
		case "admin": {
			if (owner?.kind === "admin" || ((isLocal || isAdminOpen) && !isForeignPage)) {
				return null;
			}
			return owner === null
				? {
						code: "unauthenticated",
						message: `The admin API wants the admin key of this host, made at its first start on the LAN, in the file lmx/admin-key of its state folder. ${whereKeysAre}`,
					}
				: { code: "forbidden", message: "This key is for inference only. The admin API wants the admin key of this host." };
		}
	}
}
