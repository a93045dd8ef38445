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
	/** True for what began with a pass that is worth nothing any more, or with one of a time for which that cannot be told. */
	readonly isRevoked: (claims: PassClaims) => boolean;
	/** What accounts said last. Its list goes back an hour: after a longer silence everything that is open has to begin anew. */
	readonly replaceRevocations: (revocations: readonly PassRevocation[]) => void;
	/** True while accounts says that the owner revoked this host: then nobody is let in until it is claimed anew. */
	readonly isHostRevoked: () => boolean;
	readonly setHostRevoked: (revoked: boolean) => void;
}

/** As far as accounts' list of revocations goes back, less what a question takes. */
const listReachesBackMs = 3_540_000;

/** Makes the trust of a host: keys pinned in its identity, and what accounts tells it. */
export function openTrust(
	{ hostId, issuer, jwks }: Pick<HostIdentity, "hostId" | "issuer" | "jwks">,
	{ now = Date.now, ...options }: Pick<PinnedKeysOptions, "fetchStatements" | "store" | "report"> & { readonly now?: () => number },
): Trust {
	const revoked = createRevokedPasses();
	const keys = createPinnedKeys({ issuer, pinned: jwks.keys, ...options });
	const rules = { issuer, audience: hostAudience(hostId), keys, revoked };
	let isHostRevoked = false;
	let heardAtMs = now();
	let unknownUntilSeconds = 0;
	return {
		verify: createPassVerifier(rules),
		verifyTicket: createTicketVerifier(rules),
		refreshKeys: keys.refresh,
		isRevoked: (claims) => claims.iat <= unknownUntilSeconds || revoked.isRevoked(claims),
		replaceRevocations(revocations) {
			const silentMs = now() - heardAtMs;
			heardAtMs = now();
			unknownUntilSeconds = silentMs > listReachesBackMs ? Math.ceil(heardAtMs / 1000) : 0;
			revoked.replace(revocations);
		},
		isHostRevoked: () => isHostRevoked,
		setHostRevoked: (next) => {
			isHostRevoked = next;
		},
	};
}
