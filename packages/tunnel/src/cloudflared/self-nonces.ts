import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Numbers used once by which a door knows its own calls. */
export interface SelfNonces {
	/** A new one, good for one call within half a minute. */
	readonly issue: () => string;
	/** True for one that was issued and not taken yet. */
	readonly take: (nonce: string) => boolean;
}

/** Path at the door where a host meets itself; to everybody else it is a route that does not exist. */
export const selfPath = "/self";

const lifeMs = 30_000;
const mostKept = 8;

function digest(nonce: string): Buffer {
	return createHash("sha256").update(nonce).digest();
}

/** Makes an empty set. Only digests are kept, and compared in constant time. */
export function createSelfNonces(now: () => number = () => performance.now()): SelfNonces {
	let kept: { readonly digest: Buffer; readonly untilMs: number }[] = [];
	return {
		issue() {
			const nonce = randomBytes(32).toString("base64url");
			kept = [...kept, { digest: digest(nonce), untilMs: now() + lifeMs }].slice(-mostKept);
			return nonce;
		},
		take(nonce) {
			const asked = digest(nonce);
			const atMs = now();
			const found = kept.filter((one) => timingSafeEqual(one.digest, asked) && one.untilMs > atMs);
			kept = kept.filter((one) => !found.includes(one) && one.untilMs > atMs);
			return found.length > 0;
		},
	};
}
