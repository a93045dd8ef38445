import { type SiteName, siteByName } from "@opta/contracts/sites";
import { authConfiguration } from "./env.ts";
import { EnvironmentError } from "./environment-error.ts";

/**
 * For `instrumentation.ts`: ends the process with one line on stderr and exit code 1 when a variable of the
 * environment cannot be used. `check` reads what the site needs besides the shared variables.
 */
export function checkEnvironmentAtStart(site: SiteName, check: () => void = () => undefined): void {
	try {
		authConfiguration();
		check();
	} catch (error) {
		if (!(error instanceof EnvironmentError)) {
			throw error;
		}
		process.stderr.write(`${siteByName(site).title}: ${error.message}\n`);
		process.exit(1);
	}
}
