import { randomInt } from "node:crypto";
import { digestOf, matchesDigest } from "./secret-digest.ts";

/** Letters and digits that cannot be taken for each other. */
const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
const codeLength = 8;
const lifeMs = 5 * 60_000;
const triesPerCode = 5;

/** The one code with which a new client may be paired now. */
export interface PairCodes {
	/** A new code, in place of an earlier one; for a person to type. */
	readonly create: () => { readonly code: string; readonly expiresAt: Date };
	/** True while there is a code that may be tried. */
	readonly isOpen: () => boolean;
	/** Uses the code up when it is the right one. After five wrong ones it is void. */
	readonly use: (code: string) => boolean;
}

function plain(code: string): string {
	return code.toUpperCase().replaceAll(/[^A-Z0-9]/g, "");
}

/** Codes live for five minutes and are good once. */
export function openPairCodes(now: () => number = Date.now): PairCodes {
	let open: { digest: string; expiresAtMs: number; triesLeft: number } | null = null;
	const isOpen = (): boolean => open !== null && now() < open.expiresAtMs && open.triesLeft > 0;
	return {
		create() {
			const code = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join("");
			open = { digest: digestOf(code), expiresAtMs: now() + lifeMs, triesLeft: triesPerCode };
			return { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt: new Date(open.expiresAtMs) };
		},
		isOpen,
		use(code) {
			if (open === null || !isOpen()) {
				return false;
			}
			open.triesLeft--;
			const isRight = matchesDigest(plain(code), open.digest);
			if (isRight) {
				open = null;
			}
			return isRight;
		},
	};
}
