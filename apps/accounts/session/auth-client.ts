import type { AuthConfiguration } from "@opta/auth/auth-configuration";
import { fetchWithTimeLimit } from "@opta/auth/data-client";
import { createServerClient } from "@supabase/ssr";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { sessionCookieOptions } from "./session-cookie-writer.ts";
import { serializeCookie } from "./set-cookie.ts";
import { cookiesForAuth, keptCookie } from "./verifier-cookie.ts";

/** A client of the back end's sign-on for one request. */
export interface AuthClient {
	readonly auth: SupabaseClient["auth"];
	/** True when a call did not get through or the back end failed; what the call answered then means nothing. */
	unreachable(): boolean;
}

/** An `AuthClient` that reads the request's session cookie and collects the lines that change it. */
export interface SessionAuthClient extends AuthClient {
	/** `Set-Cookie` lines for the response; empty when nothing changed. */
	setCookies(): readonly string[];
}

/**
 * `fetch` that notes when the back end cannot be reached. auth-js would go on trying for 30 s; a plain refusal ends
 * its call at once, and the note says that the refusal was not the back end's.
 */
function watchedFetch(): { fetch: typeof fetch; unreachable: () => boolean } {
	let failed = false;
	const refusal = () => {
		failed = true;
		return Response.json({ error_code: "unreachable", msg: "The back end cannot be reached." }, { status: 400 });
	};
	return {
		unreachable: () => failed,
		fetch: async (input, init) => {
			try {
				const response = await fetchWithTimeLimit(input, init);
				return response.status >= 500 ? refusal() : response;
			} catch {
				return refusal();
			}
		},
	};
}

/** A client without a session, for signing up and for mails. */
export function openAuthClient({ supabaseUrl, publishableKey }: AuthConfiguration): AuthClient {
	const watched = watchedFetch();
	const client = createClient(supabaseUrl, publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
		global: { fetch: watched.fetch },
	});
	return { auth: client.auth, unreachable: watched.unreachable };
}

/** A client with the session of a request. The cookie holds the tokens only: the rest of a session is never believed. */
export function openSessionAuthClient(configuration: AuthConfiguration, cookieHeader: string | null): SessionAuthClient {
	const { addressing, supabaseUrl, publishableKey } = configuration;
	const watched = watchedFetch();
	const lines = new Map<string, string>();
	const client = createServerClient(supabaseUrl, publishableKey, {
		cookieOptions: sessionCookieOptions(addressing),
		auth: { experimental: { appendPkceFlowIdToRedirects: true } },
		global: { fetch: watched.fetch },
		cookies: {
			encode: "tokens-only",
			getAll: () => cookiesForAuth(cookieHeader),
			setAll: (cookies) => {
				for (const cookie of cookies) {
					const { name, options } = keptCookie(cookie.name, cookie.options);
					lines.set(`${name} ${options.domain ?? ""}`, serializeCookie(name, cookie.value, options));
				}
			},
		},
	});
	return { auth: client.auth, unreachable: watched.unreachable, setCookies: () => [...lines.values()] };
}
