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
	/** True while accounts says that the owner revoked this host: then nobody is let in until it is claimed anew. */
	readonly isHostRevoked: () => boolean;
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
	let isHostRevoked = false;
	return {
		verify: createPassVerifier(rules),
		verifyTicket: createTicketVerifier(rules),
		refreshKeys: keys.refresh,
		isRevoked: revoked.isRevoked,
		replaceRevocations: revoked.replace,
		isHostRevoked: () => isHostRevoked,
		setHostRevoked: (next) => {
			isHostRevoked = next;
		},
	};
}
