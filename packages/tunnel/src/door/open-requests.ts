import type { ServerResponse } from "node:http";
import type { PassClaims } from "@opta/contracts/schema/pass";

/** The requests that are under way, each with the pass that it began with. */
export interface OpenRequests {
	/** Answers what takes the request out again. */
	readonly add: (claims: PassClaims, response: ServerResponse) => () => void;
	/** Breaks off those that began with a revoked pass; how many. */
	readonly end: (isRevoked: (claims: PassClaims) => boolean) => number;
}

/** Makes an empty register. */
export function createOpenRequests(): OpenRequests {
	const open = new Map<ServerResponse, PassClaims>();
	return {
		add(claims, response) {
			open.set(response, claims);
			return () => open.delete(response);
		},
		end(isRevoked) {
			const ended = [...open].filter(([, claims]) => isRevoked(claims));
			for (const [response] of ended) {
				response.destroy();
			}
			return ended.length;
		},
	};
}
