import { parseCookieHeader } from "@opta/auth/cookie-header";
import { isSessionCookieName } from "@opta/auth/session-cookie";
import { sessionCookieName } from "@opta/contracts/session-cookie";
import type { SiteAddressing } from "@opta/contracts/site-url";
import type { CookieOptionsWithName } from "@supabase/ssr";
import { serializeCookie } from "./set-cookie.ts";

/** The attributes of the session cookie, the same in production and on one machine: read by all sites' servers, by no script. */
export function sessionCookieOptions(addressing: SiteAddressing): CookieOptionsWithName {
	return {
		name: sessionCookieName,
		domain: addressing.baseDomain,
		path: "/",
		secure: true,
		httpOnly: true,
		sameSite: "lax",
	};
}

/**
 * `Set-Cookie` lines that remove every session cookie that a request brought, from this host alone and from the whole
 * domain; the bare name always, so that a sign-out never leaves with nothing to say.
 */
export function dropSessionCookies(addressing: SiteAddressing, cookieHeader: string | null): readonly string[] {
	const { name: _, domain, ...options } = { ...sessionCookieOptions(addressing), maxAge: 0 };
	const brought = parseCookieHeader(cookieHeader).map(({ name }) => name);
	const names = new Set([sessionCookieName, ...brought.filter(isSessionCookieName)]);
	return [...names].flatMap((name) => [serializeCookie(name, "", options), serializeCookie(name, "", { ...options, domain })]);
}
