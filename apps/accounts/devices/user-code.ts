import { randomInt } from "node:crypto";
import { userCodeLength, userCodeLetters } from "@opta/contracts/device-sign-in";

/** A code that people type: 34 bits, tried at most five times in ten minutes. */
export function createUserCode(): string {
	return Array.from({ length: userCodeLength }, () => userCodeLetters[randomInt(userCodeLetters.length)]).join("");
}

/** As it is shown: `BCDF-GHJK`. */
export function showUserCode(code: string): string {
	return `${code.slice(0, userCodeLength / 2)}-${code.slice(userCodeLength / 2)}`;
}

/** What a person typed, in one spelling; null when it cannot be a code. */
export function readUserCode(typed: unknown): string | null {
	if (typeof typed !== "string" || typed.length > 40) {
		return null;
	}
	const code = typed.toUpperCase().replaceAll(/[\s\-–—.]/g, "");
	return code.length === userCodeLength && [...code].every((letter) => userCodeLetters.includes(letter)) ? code : null;
}
