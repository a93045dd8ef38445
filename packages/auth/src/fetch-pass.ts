import type { TicketUse } from "@opta/contracts/schema/pass";
import { authAddressing } from "./env.ts";
import { createPassCache, type PassResult, type PassTarget } from "./pass-cache.ts";
import { requestPass } from "./pass-request.ts";

/**
 * A pass of the signed-in person for a host or for one of their devices, from accounts or, while it is good for ten more
 * seconds, from the cache. Refusals (401, 403, 404, 410) and an unreachable accounts (503) are values.
 */
export const fetchPass = createPassCache((accessToken, target) => requestPass(authAddressing(), accessToken, target));

/** A ticket of the signed-in person for one opening; like a pass, but each is new. */
export function fetchTicket(accessToken: string, target: PassTarget, use: TicketUse): Promise<PassResult> {
	return requestPass(authAddressing(), accessToken, target, use);
}
