import type { PassClaims, PassRevocation } from "@opta/contracts/schema/pass";

/** What accounts last said about passes that are worth nothing any more. */
export interface RevokedPasses {
	readonly isRevoked: (claims: Pick<PassClaims, "sub" | "iat">) => boolean;
	readonly replace: (revocations: readonly PassRevocation[]) => void;
}

/** Makes an empty list. */
export function createRevokedPasses(): RevokedPasses {
	let sinceByPerson: ReadonlyMap<string, number> = new Map();
	return {
		isRevoked: ({ sub, iat }) => iat <= (sinceByPerson.get(sub) ?? Number.NEGATIVE_INFINITY),
		replace(revocations) {
			sinceByPerson = new Map(revocations.map(({ sub, since }) => [sub, since]));
		},
	};
}
