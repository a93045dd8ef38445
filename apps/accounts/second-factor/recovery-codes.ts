import { createHash, randomInt } from "node:crypto";

/** Crockford's base 32: no I, L, O, U. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeLength = 10;
const codeCount = 10;

/** Ten codes of 50 bits, each good once. */
export function createRecoveryCodes(): readonly string[] {
	return Array.from({ length: codeCount }, () => Array.from({ length: codeLength }, () => letters[randomInt(letters.length)]).join(""));
}

/** As it is shown: `7KQ2M-0XD41`. */
export function showRecoveryCode(code: string): string {
	return `${code.slice(0, codeLength / 2)}-${code.slice(codeLength / 2)}`;
}

/** What a person typed, in one spelling; null when it cannot be a code. Look-alikes are read as what was meant. */
export function readRecoveryCode(typed: string): string | null {
	const code = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
	return code.length === codeLength && [...code].every((letter) => letters.includes(letter)) ? code : null;
}

/** What the database keeps: codes of 50 random bits need no slow hash (ASVS 5.0, 6.5.2), and tries are limited. */
export function recoveryCodeHash(userId: string, code: string): string {
	return createHash("sha256").update(`${userId} ${code}`).digest("hex");
}
