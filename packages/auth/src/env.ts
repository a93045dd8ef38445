import { parseAddressing } from "@opta/contracts/addressing";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { type AuthConfiguration, type AuthVariables, readAuthConfiguration } from "./auth-configuration.ts";

/** Each name is written out, so that a build can put the build inputs in place. */
function variables(): AuthVariables {
	return {
		OPTA_BASE_DOMAIN: process.env.OPTA_BASE_DOMAIN,
		OPTA_SCHEME: process.env.OPTA_SCHEME,
		OPTA_PORT_BASE: process.env.OPTA_PORT_BASE,
		SUPABASE_URL: process.env.SUPABASE_URL,
		SUPABASE_PUBLISHABLE_KEY: process.env.SUPABASE_PUBLISHABLE_KEY,
		SUPABASE_JWT_SECRET: process.env.SUPABASE_JWT_SECRET,
	};
}

let known: AuthConfiguration | undefined;

/**
 * The configuration of this server, read once.
 * @throws {EnvironmentError} naming the first variable that cannot be used.
 */
export function authConfiguration(): AuthConfiguration {
	known ??= readAuthConfiguration(variables());
	return known;
}

/**
 * Where the sites are, for code that needs no back end.
 * @throws {RangeError} when a variable cannot be meant.
 */
export function authAddressing(): SiteAddressing {
	return parseAddressing(variables());
}
