import type { AuthConfiguration } from "./auth-configuration.ts";

/** What a back end's sign-on can do; the same code runs on both, and asks here where they differ. */
export interface BackEndCapabilities {
	readonly name: "hosted Supabase" | "embedded Supabase";
	/** Access tokens are signed with a key pair, so that sites verify them without a secret, and name their issuer. */
	readonly publicKeys: boolean;
	/** A new e-mail address is proved by a mail to it before it counts. */
	readonly provesNewAddress: boolean;
	/** A waiting confirmation mail can be sent again as it is; elsewhere a sign-in link does the same. */
	readonly resendsConfirmation: boolean;
	/** Takes `email` as the type of any mail link's token, besides the exact types that our mails carry. */
	readonly takesEmailLinkType: boolean;
	/** Limits attempts by itself, besides accounts' own limits. */
	readonly limitsAttempts: boolean;
	/** A refresh token is forgiven for ten seconds however many came after it; elsewhere only the one before the newest is. */
	readonly forgivesOldRefreshTokens: boolean;
	/** Services that it can sign people in by, whether or not they are turned on. */
	readonly knownProviders: readonly ("google" | "apple" | "github")[];
	/** Links a service to the account that is signed in; elsewhere it happens by itself, for an address that the service vouches for. */
	readonly linksIdentities: boolean;
	/** Runs edge functions; elsewhere accounts serves the same handlers as routes. */
	readonly edgeFunctions: boolean;
}

const hosted: BackEndCapabilities = {
	name: "hosted Supabase",
	publicKeys: true,
	provesNewAddress: true,
	resendsConfirmation: true,
	takesEmailLinkType: true,
	limitsAttempts: true,
	forgivesOldRefreshTokens: true,
	knownProviders: ["google", "apple", "github"],
	linksIdentities: true,
	edgeFunctions: true,
};

/** @supabase/lite 0.10: tried, each of them (`back-end-contract/`). */
const embedded: BackEndCapabilities = {
	name: "embedded Supabase",
	publicKeys: false,
	provesNewAddress: false,
	resendsConfirmation: false,
	takesEmailLinkType: false,
	limitsAttempts: false,
	forgivesOldRefreshTokens: false,
	knownProviders: ["google", "github"],
	linksIdentities: false,
	edgeFunctions: false,
};

/** What the back end of a configuration can do. The embedded one is the one that shares its secret with the sites. */
export function backEndCapabilities({ jwtSecret }: Pick<AuthConfiguration, "jwtSecret">): BackEndCapabilities {
	return jwtSecret === null ? hosted : embedded;
}
