import type { BackEndCapabilities } from "@opta/auth/back-end-capabilities";

/** What can differ between back ends. */
export type Capability = Exclude<keyof BackEndCapabilities, "name">;

/** Each difference, and what it means for people where the back end can and where it cannot. docs/accounts.md says the same. */
export const differences: Readonly<Record<Capability, { readonly what: string; readonly yes: string; readonly no: string }>> = {
	publicKeys: {
		what: "Access tokens",
		yes: "signed with a key pair; sites verify them with published keys",
		no: "signed with a secret that the sites of this machine share",
	},
	provesNewAddress: {
		what: "Change of the e-mail address",
		yes: "proved by mails to the new and to the old address",
		no: "refused: there is no way to prove the new one",
	},
	resendsConfirmation: { what: "Confirmation mail, again", yes: "sent again as it is", no: "replaced by a sign-in link" },
	takesEmailLinkType: { what: "Type of a mail link's token", yes: "exact, or email for any", no: "exact only" },
	limitsAttempts: { what: "Limits of its own", yes: "besides those of accounts", no: "none; those of accounts count" },
	forgivesOldRefreshTokens: {
		what: "An old refresh token comes back",
		yes: "forgiven for ten seconds, then the session ends",
		no: "the session ends at once, unless it is the one before the newest",
	},
	knownProviders: { what: "Other services to sign in by", yes: "", no: "none" },
	linksIdentities: {
		what: "Linking a service to an account",
		yes: "by hand on the page of ways to sign in",
		no: "by itself, when the service vouches for the account's address",
	},
	edgeFunctions: { what: "Edge functions", yes: "run by the back end", no: "the same handlers, as routes of accounts" },
};

/** What a back end does about one of them. */
export function differenceInWords(capabilities: BackEndCapabilities, capability: Capability): string {
	const { yes, no } = differences[capability];
	const value = capabilities[capability];
	if (typeof value === "boolean") {
		return value ? yes : no;
	}
	return value.length === 0 ? no : value.join(", ");
}
