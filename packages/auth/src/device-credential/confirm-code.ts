import { createHash } from "node:crypto";

/** Crockford's base 32: no I, L, O, U. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const shown = 8;

/**
 * The code that a terminal and the approve page both show, as `7KQ2-M0XD`. It is made from what the terminal alone
 * chose, so a link that somebody else sent shows another code. 40 bits: to be compared by eye, never a secret.
 */
export function confirmCode(challenge: string, keyThumbprint: string): string {
	const digest = createHash("sha256").update(`opta sign-in ${challenge} ${keyThumbprint}`).digest();
	const text = [...digest.subarray(0, shown)].map((byte) => letters[byte & 31]).join("");
	return `${text.slice(0, shown / 2)}-${text.slice(shown / 2)}`;
}
