import { EnvironmentError } from "@opta/auth/environment-error";

const leastCharacters = 32;

/**
 * Reads `OPTA_PORTAL_KEY`.
 * @throws {EnvironmentError} when it is not set or so short that it could be guessed.
 */
export function readPortalKey(value: string | undefined): string {
	const text = value?.trim() ?? "";
	if (text.length < leastCharacters) {
		const what = text === "" ? "is not set" : "is too short";
		throw new EnvironmentError(
			`OPTA_PORTAL_KEY ${what}; it must be a random text of at least ${leastCharacters} characters, whose SHA-256 the database knows.`,
		);
	}
	return text;
}
