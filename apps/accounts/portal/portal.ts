import { createDataClientFor, type DataSource, fetchWithTimeLimit } from "@opta/auth/data-client";
import { createClient } from "@supabase/supabase-js";

/** What a call of a database function came to. `refused` is the function's own refusal, such as a person without a session. */
export type PortalAnswer =
	| { readonly state: "ok"; readonly data: unknown }
	| { readonly state: "refused" }
	| { readonly state: "unavailable" };

/** The database functions that only accounts may call. */
export interface Portal {
	/** Keyed hashes and derived secrets are made from this; it is never stored and never leaves the server. */
	readonly key: string;
	/** Calls a function with the portal's key; with an access token it acts for that person. */
	call(name: string, values: Readonly<Record<string, unknown>>, accessToken?: string): Promise<PortalAnswer>;
}

/** PostgREST's code for a missing right; class 22 and 23 are values that the function does not take. */
const refusals = /^(42501|22\w{3}|23\w{3}|PGRST30\d)$/;

/** Opens the functions of a back end. */
export function openPortal(source: DataSource, key: string): Portal {
	const anonymous = createClient(source.supabaseUrl, source.publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
		global: { fetch: fetchWithTimeLimit },
	});
	return {
		key,
		async call(name, values, accessToken) {
			const client = accessToken === undefined ? anonymous : createDataClientFor(source, accessToken);
			const { data, error } = await client.rpc(name, { portal_key: key, ...values });
			if (error === null) {
				return { state: "ok", data };
			}
			return refusals.test(error.code) ? { state: "refused" } : { state: "unavailable" };
		},
	};
}
