import type { AccessTokenVerifier } from "@opta/auth/access-token";
import type { AuthConfiguration } from "@opta/auth/auth-configuration";
import type { PassSigner } from "./passes/pass-signer.ts";
import type { SessionRefresher } from "./session/session-refresher.ts";

/** What the routes of accounts work with. */
export interface AccountsContext {
	readonly configuration: AuthConfiguration;
	readonly verify: AccessTokenVerifier;
	readonly refresher: SessionRefresher;
	readonly signer: PassSigner;
	/** Page with the mails of the embedded back end; null elsewhere. */
	readonly mailboxUrl: string | null;
}
