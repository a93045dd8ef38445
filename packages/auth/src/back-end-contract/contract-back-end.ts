import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { BackEndCapabilities } from "../back-end-capabilities.ts";

/** Kind of a mail link that accounts uses. */
export type MailLinkType = "signup" | "magiclink" | "recovery";

/** A running back end that the contract is held against. */
export interface ContractBackEnd {
	readonly capabilities: BackEndCapabilities;
	readonly url: string;
	readonly publishableKey: string;
	/** Signs somebody up; answers the token of the mail that confirms the address. */
	signUp(email: string, password: string): Promise<string>;
	/** Has a mail sent; answers its token. */
	mailToken(email: string, type: Exclude<MailLinkType, "signup">): Promise<string>;
	/** Ends it, or removes what the tests made. */
	close(): Promise<void>;
}

/** A client without a session, or with somebody's access token for the data API. */
export function contractClient({ url, publishableKey }: ContractBackEnd, accessToken?: string): SupabaseClient {
	return createClient(url, publishableKey, {
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
		...(accessToken === undefined ? {} : { global: { headers: { Authorization: `Bearer ${accessToken}` } } }),
	});
}
