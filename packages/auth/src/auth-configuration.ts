import { isLocal, parseAddressing } from "@opta/contracts/addressing";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { EnvironmentError } from "./environment-error.ts";

/** The variables of a site with sign-on, as they stand in the environment. */
export interface AuthVariables {
	readonly OPTA_BASE_DOMAIN?: string | undefined;
	readonly OPTA_SCHEME?: string | undefined;
	readonly OPTA_PORT_BASE?: string | undefined;
	readonly SUPABASE_URL?: string | undefined;
	readonly SUPABASE_PUBLISHABLE_KEY?: string | undefined;
	readonly SUPABASE_JWT_SECRET?: string | undefined;
}

/** What a site with sign-on has to know. */
export interface AuthConfiguration {
	readonly addressing: SiteAddressing;
	/** Without a slash at the end. */
	readonly supabaseUrl: string;
	readonly publishableKey: string;
	/** Set with the embedded back end only, which signs access tokens with HS256; null: the back end's JWKS. */
	readonly jwtSecret: string | null;
}

/** RFC 7518 §3.2: a key of HS256 has at least the size of its hash. */
const leastSecretBytes = 32;

function required(name: string, value: string | undefined, meaning: string): string {
	if (value === undefined || value.trim() === "") {
		throw new EnvironmentError(`${name} is not set; it must be ${meaning}.`);
	}
	return value.trim();
}

function readSupabaseUrl(value: string | undefined): string {
	const text = required("SUPABASE_URL", value, "the address of the Supabase project, such as http://127.0.0.1:54321");
	const url = URL.canParse(text) ? new URL(text) : null;
	if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.username !== "" || url.search !== "") {
		throw new EnvironmentError("SUPABASE_URL is not an http or https address; it must be one such as http://127.0.0.1:54321.");
	}
	return url.href.replace(/\/+$/, "");
}

function readAddressing(variables: AuthVariables): SiteAddressing {
	try {
		return parseAddressing(variables);
	} catch (error) {
		throw new EnvironmentError(error instanceof Error ? error.message : String(error));
	}
}

function readJwtSecret(value: string | undefined, addressing: SiteAddressing): string | null {
	if (value === undefined || value === "") {
		return null;
	}
	if (!isLocal(addressing)) {
		throw new EnvironmentError(
			`SUPABASE_JWT_SECRET is set, but ${addressing.baseDomain} is no .localhost domain; remove it: there, access tokens are verified with the project's public keys.`,
		);
	}
	if (new TextEncoder().encode(value).length < leastSecretBytes) {
		throw new EnvironmentError(`SUPABASE_JWT_SECRET is too short; it must have at least ${leastSecretBytes} bytes.`);
	}
	return value;
}

/**
 * Reads and checks the variables of a site with sign-on.
 * @throws {EnvironmentError} naming the first variable that cannot be used.
 */
export function readAuthConfiguration(variables: AuthVariables): AuthConfiguration {
	const addressing = readAddressing(variables);
	return {
		addressing,
		supabaseUrl: readSupabaseUrl(variables.SUPABASE_URL),
		publishableKey: required("SUPABASE_PUBLISHABLE_KEY", variables.SUPABASE_PUBLISHABLE_KEY, "the project's publishable (anon) key"),
		jwtSecret: readJwtSecret(variables.SUPABASE_JWT_SECRET, addressing),
	};
}
