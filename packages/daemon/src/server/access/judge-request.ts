import type { PairCodes } from "../../pairing/pair-codes.ts";
import type { PairedClient, PairedClients } from "../../pairing/paired-clients.ts";
import { matchesDigest } from "../../pairing/secret-digest.ts";
import type { Failure } from "../../sessions/outcome.ts";
import { isOwnHost } from "./request-origin.ts";

/** Who may call a route: anybody on this computer; a client with a token; programs of this computer's user alone. */
export type RouteAccess = "open" | "client" | "owner";

/** What access is decided by. */
export interface AccessRules {
	/** SHA-256 of the token in `state.json`. */
	readonly tokenDigest: string;
	readonly clients: Pick<PairedClients, "find" | "knowsOrigin">;
	readonly codes: Pick<PairCodes, "isOpen">;
}

/** A request, as far as access goes. */
export interface AccessRequest {
	readonly host: string | undefined;
	readonly origin: string | undefined;
	readonly token: string | null;
	readonly access: RouteAccess;
	/** `POST /v3/pair`: a page that is not known yet may call it while a code is shown. */
	readonly isPairing: boolean;
}

/** Who asks, or why not. */
export type Judgement =
	| { readonly ok: true; readonly holder: "nobody" | "owner" | PairedClient }
	| { readonly ok: false; readonly error: Failure };

const foreign: Failure = { code: "foreign_origin", message: "This daemon answers programs of its own computer and paired clients only." };
const unauthenticated: Failure = { code: "unauthenticated", message: "A valid token is needed." };
const notOwner: Failure = { code: "forbidden", message: "Only programs of this computer's user may do this." };

/** True for requests without `Origin` (programs) and for pages that were paired. */
export function isKnownOrigin({ origin, isPairing }: Pick<AccessRequest, "origin" | "isPairing">, rules: AccessRules): boolean {
	return origin === undefined || rules.clients.knowsOrigin(origin) || (isPairing && rules.codes.isOpen());
}

/** Decides about a request: first from where, then with which token. Says nothing of why a token is wrong. */
export function judgeRequest(request: AccessRequest, rules: AccessRules): Judgement {
	if (!isOwnHost(request.host) || !isKnownOrigin(request, rules)) {
		return { ok: false, error: foreign };
	}
	if (request.access === "open") {
		return { ok: true, holder: "nobody" };
	}
	if (request.token === null) {
		return { ok: false, error: unauthenticated };
	}
	const isOwner = matchesDigest(request.token, rules.tokenDigest);
	const client = isOwner ? undefined : rules.clients.find(request.token);
	if (!isOwner && client === undefined) {
		return { ok: false, error: unauthenticated };
	}
	// A page has the token of its own pairing and no other.
	if (request.origin !== undefined && client?.origin !== request.origin) {
		return { ok: false, error: foreign };
	}
	if (client === undefined) {
		return { ok: true, holder: "owner" };
	}
	return request.access === "owner" ? { ok: false, error: notOwner } : { ok: true, holder: client };
}
