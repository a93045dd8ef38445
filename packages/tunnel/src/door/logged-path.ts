import { targetPath } from "../admission/admit-request.ts";

const maxLoggedPathChars = 120;

/** The path of a request for the log: without its query, and not endless. */
export function loggedPath(target: string): string {
	return targetPath(target).slice(0, maxLoggedPathChars);
}
