import { daemonHeaders } from "@opta/contracts/daemon-protocol";
import { deviceProofHeader } from "@opta/contracts/reach";
import type { PassClaims } from "@opta/contracts/schema/pass";
import type { HeaderLines } from "../admission/admission-rules.ts";

/** What a client may tell the target. Credentials, cookies, hop-by-hop and forwarding headers are not among it. */
const allowed = [
	...["accept", "content-type", "content-length", "content-encoding"],
	...["last-event-id", daemonHeaders.idempotencyKey, "user-agent"],
] as const;

/** What clients tell a daemon of themselves; it shows it and trusts it for nothing. */
const clientNames = [daemonHeaders.clientId, daemonHeaders.clientName] as const;

/** Who asks, for LMX, which believes the door: it listens on loopback. */
export function callerHeaders(claims: PassClaims, requestId: string): Record<string, string> {
	return { "x-request-id": requestId, "x-opta-user-id": claims.sub, "x-opta-role": claims.role };
}

function pick(headers: HeaderLines, names: readonly string[]): Record<string, string> {
	return Object.fromEntries(names.flatMap((name) => (headers[name]?.[0] === undefined ? [] : [[name, headers[name][0]]])));
}

/** Headers of a request to LMX: the allowed ones of the client, and who the door found it to be. */
export function lmxHeaders(client: HeaderLines, claims: PassClaims, requestId: string): Record<string, string> {
	return { ...pick(client, allowed), ...callerHeaders(claims, requestId) };
}

/**
 * Headers of a request to a daemon: the allowed ones of the client, the pass for the device, and the proof that its holder
 * made this request. The daemon verifies these itself and believes nothing that a host says of who asks; the pass for the
 * host stays here.
 */
export function daemonRequestHeaders(client: HeaderLines, devicePass: string, requestId: string): Record<string, string> {
	return {
		...pick(client, [...allowed, ...clientNames, deviceProofHeader]),
		"x-request-id": requestId,
		authorization: `Bearer ${devicePass}`,
	};
}

/** Headers of the opening of a WebSocket at a daemon: it compares the page's origin with its own ticket's. */
export function daemonUpgradeHeaders(client: HeaderLines, requestId: string): Record<string, string> {
	return { ...pick(client, ["origin"]), "x-request-id": requestId };
}
