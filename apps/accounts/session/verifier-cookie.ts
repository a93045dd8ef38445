import { parseCookieHeader } from "@opta/auth/cookie-header";
import type { CookieOptions } from "@supabase/ssr";

/** What auth-js calls the PKCE verifiers of flows that are under way, and their list. */
const verifierName = /-code-verifier(\.\d+)?$/;
const ownPrefix = "__Host-opta-";
const lifeSeconds = 900;

interface Cookie {
	readonly name: string;
	readonly value: string;
}

/**
 * The cookies of a request as auth-js is to see them. A verifier is read from this host's own cookie only: one with a
 * Domain could have been planted by another site of the domain, to have somebody signed in as somebody else.
 */
export function cookiesForAuth(cookieHeader: string | null): Cookie[] {
	return parseCookieHeader(cookieHeader).flatMap(({ name, value }) => {
		if (!verifierName.test(name)) {
			return [{ name, value }];
		}
		return name.startsWith(ownPrefix) ? [{ name: name.slice(ownPrefix.length), value }] : [];
	});
}

/** Name and attributes under which a cookie of auth-js is kept: verifiers on accounts alone, for as long as a flow may take. */
export function keptCookie(name: string, options: CookieOptions): { readonly name: string; readonly options: CookieOptions } {
	if (!verifierName.test(name)) {
		return { name, options };
	}
	const { domain: _, ...hostOnly } = options;
	return { name: `${ownPrefix}${name}`, options: { ...hostOnly, maxAge: Math.min(options.maxAge ?? lifeSeconds, lifeSeconds) } };
}
