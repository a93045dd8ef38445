import type { FormErrorCode } from "./form-error.ts";

/** ASVS 5.0, 6.2.1. */
export const minimumPasswordCharacters = 8;

/** bcrypt, which the back end hashes with, reads no more. */
const maximumPasswordBytes = 72;

/** What is wrong with a new password; null when nothing is. */
export function judgePassword(password: string): FormErrorCode | null {
	if ([...password].length < minimumPasswordCharacters) {
		return "password_short";
	}
	return new TextEncoder().encode(password).length > maximumPasswordBytes ? "password_long" : null;
}
