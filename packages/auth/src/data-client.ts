import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { authConfiguration } from "./env.ts";

const requestTimeoutMs = 10_000;

/** Where the tables are. */
export interface DataSource {
	readonly supabaseUrl: string;
	readonly publishableKey: string;
}

/** `fetch` that gives up after ten seconds. */
export const fetchWithTimeLimit: typeof fetch = (input, init) => {
	const limit = AbortSignal.timeout(requestTimeoutMs);
	const signal = init?.signal ? AbortSignal.any([init.signal, limit]) : limit;
	return fetch(input, { ...init, signal, cache: "no-store" });
};

/** The tables of a given back end as one person sees them: their access token goes along, so row-level security decides. */
export function createDataClientFor(source: DataSource, accessToken: string): SupabaseClient {
	return createClient(source.supabaseUrl, source.publishableKey, {
		accessToken: async () => accessToken,
		global: { fetch: fetchWithTimeLimit },
	});
}

/** The tables as one person sees them: their access token goes along, so row-level security decides. */
export function createDataClient(accessToken: string): SupabaseClient {
	return createDataClientFor(authConfiguration(), accessToken);
}
