import type { ErrorCode } from "@opta/contracts/error-codes";
import type { PassClaims } from "@opta/contracts/schema/pass";
import type { PassVerifier } from "@opta/reach/pass/verify-pass";
import type { TicketVerifier } from "@opta/reach/pass/verify-ticket";
import { type AccessVerifier, accessHeader } from "../access/verify-access.ts";

/** Values of each header, one entry per line of the request. */
export type HeaderLines = Readonly<Record<string, readonly string[] | undefined>>;

/** The head of a request, as it came: nothing decoded, nothing joined. */
export interface RequestHead {
	readonly method: string;
	/** Request target (RFC 9112 §3.2), undecoded. */
	readonly target: string;
	readonly headers: HeaderLines;
}

/** What decides. */
export interface AdmissionRules {
	readonly verify: PassVerifier;
	readonly verifyTicket: TicketVerifier;
	/** True while the owner of this host has revoked it. */
	readonly isHostRevoked: () => boolean;
	/** Cloudflare Access, asked before anything else; null where it does not stand before the door. */
	readonly verifyAccess: AccessVerifier | null;
	/** True when the lines of `Host` name this host. */
	readonly isOwnHost: (hosts: readonly string[] | undefined) => boolean;
	readonly maxBodyBytes: number;
}

/** Why a request may not pass. `reason` is for the log of the host only. */
export interface Refusal {
	readonly ok: false;
	readonly code: ErrorCode;
	readonly message: string;
	readonly reason: string;
	readonly claims: PassClaims | null;
}

/** The answer to every request of a revoked host, and to one that did not come through what stands before the door; null else. */
export async function refuseBeforePass({ isHostRevoked, verifyAccess }: AdmissionRules, headers: HeaderLines): Promise<Refusal | null> {
	if (isHostRevoked()) {
		const message = "The owner of this host revoked it. Whoever has the host claims it anew: npm run host -- claim --again";
		return { ok: false, code: "host_revoked", message, reason: "host revoked", claims: null };
	}
	const reason = verifyAccess === null ? null : await verifyAccess(headers[accessHeader]);
	if (reason === null) {
		return null;
	}
	const message = "This request did not come through the sign-in that stands before this host. Go through the host's public address.";
	return { ok: false, code: "invalid_pass", message, reason, claims: null };
}

/** The answer to a request that names another host. */
export function foreignHost(claims: PassClaims): Refusal {
	const message = "The door does not answer to this name. The host's owner can allow it with --allowed-hosts.";
	return { ok: false, code: "foreign_origin", message, reason: "host name", claims };
}

/** The answer to a role that may not do this. */
export function lowRole(claims: PassClaims, minimumRole: string): Refusal {
	const message = `Your role on this host is ${claims.role}; this needs at least ${minimumRole}. Ask the owner of the host.`;
	return { ok: false, code: "forbidden", message, reason: "role", claims };
}
