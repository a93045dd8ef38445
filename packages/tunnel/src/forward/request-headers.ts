import type { PassClaims } from "@opta/contracts/schema/pass";

/** What a client may tell the target. Credentials, cookies, hop-by-hop and forwarding headers are not among it. */
const allowed = ["accept", "content-type", "content-length", "content-encoding", "last-event-id", "idempotency-key", "user-agent"] as const;

/**
 * Headers of the request to the target: the allowed ones of the client, and who the door found the client to be.
 * `x-opta-*` and `x-request-id` are always the door's own.
 */
export function targetHeaders(
	clientHeaders: Readonly<Record<string, readonly string[] | undefined>>,
	claims: PassClaims,
	requestId: string,
): Record<string, string> {
	const headers: Record<string, string> = {};
	for (const name of allowed) {
		const value = clientHeaders[name]?.[0];
		if (value !== undefined) {
			headers[name] = value;
		}
	}
	headers["x-request-id"] = requestId;
	headers["x-opta-user-id"] = claims.sub;
	headers["x-opta-role"] = claims.role;
	return headers;
}
