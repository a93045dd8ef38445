import { type DoorRoute, findDoorRoute } from "@opta/contracts/door-routes";
import type { ErrorCode } from "@opta/contracts/error-codes";
import { roleAllows } from "@opta/contracts/roles";
import type { PassClaims } from "@opta/contracts/schema/pass";
import type { PassVerifier } from "@opta/reach/pass/verify-pass";
import { isAllowedHost } from "./allowed-host.ts";
import { bearerPass } from "./bearer-pass.ts";

/** The head of a request, as it came: nothing decoded, nothing joined. */
export interface RequestHead {
	readonly method: string;
	/** Request target (RFC 9112 §3.2), undecoded. */
	readonly target: string;
	/** Values of each header, one entry per line of the request. */
	readonly headers: Readonly<Record<string, readonly string[] | undefined>>;
}

/** Whether a request may pass the door. `reason` is for the log of the host only. */
export type Admission =
	| { readonly ok: true; readonly claims: PassClaims; readonly route: DoorRoute }
	| { readonly ok: false; readonly code: ErrorCode; readonly message: string; readonly reason: string; readonly claims: PassClaims | null };

/** What decides. */
export interface AdmissionRules {
	readonly verify: PassVerifier;
	/** Names besides loopback that the door answers to, in lower case. */
	readonly allowedHosts: ReadonlySet<string>;
	readonly maxBodyBytes: number;
}

/** Path of a request target: everything before the query, compared as it is. */
export function targetPath(target: string): string {
	const query = target.indexOf("?");
	return query === -1 ? target : target.slice(0, query);
}

function hasBody(head: RequestHead): boolean {
	return head.headers["transfer-encoding"] !== undefined || Number(head.headers["content-length"]?.[0] ?? 0) > 0;
}

/** Decides about a request from its head alone. The pass comes first: without one, every path gives the same answer. */
export async function admitRequest(rules: AdmissionRules, head: RequestHead): Promise<Admission> {
	const pass = bearerPass(head.headers.authorization);
	const verified = pass === null ? ({ ok: false, reason: "no pass" } as const) : await rules.verify(pass);
	if (!verified.ok) {
		const message = "This request carries no valid pass for this host. Take a new one from accounts and try again.";
		return { ok: false, code: "invalid_pass", message, reason: verified.reason, claims: null };
	}
	const { claims } = verified;
	const refuse = (code: ErrorCode, message: string, reason: string): Admission => ({ ok: false, code, message, reason, claims });
	if (!isAllowedHost(head.headers.host, rules.allowedHosts)) {
		return refuse(
			"foreign_origin",
			"The door does not answer to this name. The host's owner can allow it with --allowed-hosts.",
			"host name",
		);
	}
	if (head.headers.origin !== undefined) {
		return refuse("foreign_origin", "The door does not answer to pages in a browser. Go through the site's own address.", "origin");
	}
	const route = findDoorRoute(head.method, targetPath(head.target));
	if (route === undefined) {
		return refuse("not_found", "The door has no such route. Check method and path.", "no route");
	}
	if (!roleAllows(claims.role, route.minimumRole)) {
		const message = `Your role on this host is ${claims.role}; this needs at least ${route.minimumRole}. Ask the owner of the host.`;
		return refuse("forbidden", message, "role");
	}
	if ((route.method === "GET" || route.method === "DELETE") && hasBody(head)) {
		return refuse("invalid_request", `A ${route.method} request carries no body. Send it without one.`, "body");
	}
	if (Number(head.headers["content-length"]?.[0] ?? 0) > rules.maxBodyBytes) {
		return refuse("payload_too_large", `The request body is larger than the limit of ${rules.maxBodyBytes} bytes. Send less.`, "size");
	}
	return { ok: true, claims, route };
}
