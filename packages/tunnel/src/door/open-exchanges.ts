import type { PassClaims } from "@opta/contracts/schema/pass";
import type { SentError } from "./send-error.ts";

/** The answer where as much is under way as may be. */
export const tooMuchUnderWay: SentError = {
	code: "unavailable",
	message: "As much is under way at this host as it takes. Close something, or try again in a few seconds.",
};

/** How many exchanges of one kind may be under way. */
export interface ExchangeLimits {
	readonly most: number;
	readonly mostPerPerson: number;
}

/** The requests, or the sockets, that are under way, each with the pass that it began with. */
export interface OpenExchanges {
	/** Answers what takes the exchange out again; null when there are as many as may be. */
	readonly add: (claims: PassClaims, cut: () => void) => (() => void) | null;
	/** Breaks off those that began with a revoked pass; how many. */
	readonly endRevoked: (isRevoked: (claims: PassClaims) => boolean) => number;
	readonly endAll: () => void;
}

/** Makes an empty register. */
export function createOpenExchanges({ most, mostPerPerson }: ExchangeLimits): OpenExchanges {
	const open = new Map<() => void, PassClaims>();
	const countByPerson = new Map<string, number>();
	return {
		add(claims, cut) {
			const count = countByPerson.get(claims.sub) ?? 0;
			if (open.size >= most || count >= mostPerPerson) {
				return null;
			}
			open.set(cut, claims);
			countByPerson.set(claims.sub, count + 1);
			return () => {
				if (open.delete(cut)) {
					const left = (countByPerson.get(claims.sub) ?? 1) - 1;
					if (left === 0) {
						countByPerson.delete(claims.sub);
					} else {
						countByPerson.set(claims.sub, left);
					}
				}
			};
		},
		endRevoked(isRevoked) {
			const ended = [...open].filter(([, claims]) => isRevoked(claims));
			for (const [cut] of ended) {
				cut();
			}
			return ended.length;
		},
		endAll() {
			for (const cut of [...open.keys()]) {
				cut();
			}
		},
	};
}
