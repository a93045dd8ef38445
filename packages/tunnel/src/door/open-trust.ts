import { hostAudience } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import type { PassClaims, PassRevocation } from "@opta/contracts/schema/pass";
import { createPinnedKeys, type PinnedKeysOptions } from "@opta/reach/pass/pinned-keys";
import { createRevokedPasses } from "@opta/reach/pass/revoked-passes";
import { createPassVerifier, type PassVerifier } from "@opta/reach/pass/verify-pass";
import { createTicketVerifier, type TicketVerifier } from "@opta/reach/pass/verify-ticket";

/** Whose passes and tickets a host takes at this moment. */
export interface Trust {
	readonly verify: PassVerifier;
	readonly verifyTicket: TicketVerifier;
	/** Asks accounts for its keys, at most once a minute. */
	readonly refreshKeys: () => Promise<boolean>;
	readonly isRevoked: (claims: PassClaims) => boolean;
	/** What accounts said last. */
	readonly replaceRevocations: (revocations: readonly PassRevocation[]) => void;
	/** A host that its owner revoked takes nobody's pass until it is claimed anew. */
	readonly setHostRevoked: (revoked: boolean) => void;
}

/** Makes the trust of a host: keys pinned in its identity, and what accounts tells it. */
export function openTrust(
	{ hostId, issuer, jwks }: Pick<HostIdentity, "hostId" | "issuer" | "jwks">,
	options: Pick<PinnedKeysOptions, "fetchStatements" | "store" | "report">,
): Trust {
	const revoked = createRevokedPasses();
	const keys = createPinnedKeys({ issuer, pinned: jwks.keys, ...options });
	const rules = { issuer, audience: hostAudience(hostId), keys, revoked };
	const [verify, verifyTicket] = [createPassVerifier(rules), createTicketVerifier(rules)];
	const refusal = { ok: false, reason: "this host was revoked" } as const;
	let isHostRevoked = false;
	return {
		verify: async (pass) => (isHostRevoked ? refusal : verify(pass)),
		verifyTicket: async (ticket, use) => (isHostRevoked ? refusal : verifyTicket(ticket, use)),
		refreshKeys: keys.refresh,
		isRevoked: revoked.isRevoked,
		replaceRevocations: revoked.replace,
		setHostRevoked: (next) => {
			isHostRevoked = next;
		},
	};
}
