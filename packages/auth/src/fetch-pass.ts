import { authAddressing } from "./env.ts";
import { createPassCache } from "./pass-cache.ts";
import { requestPass } from "./pass-request.ts";

/**
 * A pass of the signed-in person for a host or for one of their devices, from accounts or, while it is good for ten more
 * seconds, from the cache. Refusals (401, 403, 404, 410) and an unreachable accounts (503) are values.
 */
export const fetchPass = createPassCache((accessToken, target) => requestPass(authAddressing(), accessToken, target));
