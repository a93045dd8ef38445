import { ticketLifetimeSeconds, ticketType } from "@opta/contracts/pass";
import { type TicketClaims, type TicketUse, ticketClaimsSchema } from "@opta/contracts/schema/pass";
import { clockToleranceSeconds } from "./clock-tolerance.ts";
import { createUsedTickets, type UsedTickets } from "./used-tickets.ts";
import { type ClaimsResult, createClaimsVerifier, type PassVerifierOptions } from "./verify-claims.ts";

/**
 * Checks a ticket for one opening: `path` undecoded and without query, `origin` as the header `Origin` says it, null
 * where there is none. A ticket that it takes is used up; one that it refuses for its use is not. Never rejects.
 */
export type TicketVerifier = (ticket: string, use: TicketUse) => Promise<ClaimsResult<TicketClaims>>;

/**
 * Makes the verifier of tickets of a host or device. A ticket that was used is remembered until it is over, in memory; one
 * from before that memory began may have been used already and is refused.
 */
export function createTicketVerifier(options: PassVerifierOptions, used: UsedTickets = createUsedTickets()): TicketVerifier {
	const verify = createClaimsVerifier({ typ: ticketType, lifetimeSeconds: ticketLifetimeSeconds, schema: ticketClaimsSchema }, options);
	return async (ticket, { path, origin }) => {
		const result = await verify(ticket);
		if (!result.ok) {
			return result;
		}
		const { claims } = result;
		if (claims.path !== path) {
			return { ok: false, reason: "claim path" };
		}
		if (claims.origin !== origin) {
			return { ok: false, reason: "claim origin" };
		}
		const { jti, iat, exp } = claims;
		const refusal = used.take({ jti, madeAtSeconds: iat, expiresAtMs: (exp + clockToleranceSeconds) * 1000 });
		return refusal === null ? result : { ok: false, reason: `ticket ${refusal}` };
	};
}
