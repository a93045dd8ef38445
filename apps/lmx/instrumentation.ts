import { checkEnvironmentAtStart } from "@opta/auth/start-check";

/** Runs once, before the first request: a variable that cannot be used ends the process with one line. */
export function register(): void {
	checkEnvironmentAtStart("lmx");
}
