import type { AccessTokenVerifier } from "@opta/auth/access-token";
import type { AuthConfiguration } from "@opta/auth/auth-configuration";
import type { DeviceTokenSigner } from "./devices/device-token-signer.ts";
import type { ReadBackEndSettings } from "./oauth/back-end-settings.ts";
import type { PassSigner } from "./passes/pass-signer.ts";
import type { Portal } from "./portal/portal.ts";
import type { SessionRefresher } from "./session/session-refresher.ts";

/** What the routes of accounts work with. */
export interface AccountsContext {
	readonly configuration: AuthConfiguration;
	readonly backEndSettings: ReadBackEndSettings;
	readonly verify: AccessTokenVerifier;
	readonly refresher: SessionRefresher;
	readonly signer: PassSigner;
	readonly deviceTokens: DeviceTokenSigner;
	readonly portal: Portal;
	/** Header in which the deployment's own proxy states the address of a client; null: there is none. */
	readonly clientAddressHeader: string | null;
	/** Page with the mails of the embedded back end; null elsewhere. */
	readonly mailboxUrl: string | null;
}
