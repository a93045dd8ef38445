/** What the edge runtime gives; this function uses nothing else of it. */
declare const Deno: { readonly env: { get(name: string): string | undefined } };

/** Where accounts and the database are, and accounts' key for its functions. */
export interface RelayEnvironment {
	/** Origin of accounts, which signs the tokens of devices. */
	readonly accountsOrigin: string;
	readonly supabaseUrl: string;
	readonly publishableKey: string;
	readonly portalKey: string;
}

function required(name: string): string {
	const value = Deno.env.get(name)?.trim() ?? "";
	if (value === "") {
		throw new Error(`${name} is not set; set it with: supabase secrets set ${name}=…`);
	}
	return value;
}

/** Reads the environment; the platform sets the two names that begin with SUPABASE. */
export function readRelayEnvironment(): RelayEnvironment {
	return {
		accountsOrigin: required("OPTA_ACCOUNTS_ORIGIN"),
		supabaseUrl: required("SUPABASE_URL"),
		publishableKey: required("SUPABASE_ANON_KEY"),
		portalKey: required("OPTA_PORTAL_KEY"),
	};
}
