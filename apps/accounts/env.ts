import "server-only";
import { createAccessTokenVerifier } from "@opta/auth/access-token";
import { authConfiguration } from "@opta/auth/env";
import { EnvironmentError } from "@opta/auth/environment-error";
import { isLocal } from "@opta/contracts/addressing";
import type { AccountsContext } from "./accounts-context.ts";
import { createDeviceTokenSigner } from "./devices/device-token-signer.ts";
import { createBackEndSettings } from "./oauth/back-end-settings.ts";
import { createPassSigner, type PassSigningKeys, readPassSigningKeys } from "./passes/pass-signer.ts";
import { openPortal } from "./portal/portal.ts";
import { readPortalKey } from "./portal/portal-key.ts";
import { createSessionRefresher } from "./session/session-refresher.ts";

function signingKeys(): PassSigningKeys {
	return readPassSigningKeys(process.env.OPTA_PASS_SIGNING_KEY);
}

function mailboxUrl(): string | null {
	const value = process.env.OPTA_MAILBOX_URL;
	if (value === undefined || value === "" || !isLocal(authConfiguration().addressing)) {
		return null;
	}
	if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol)) {
		throw new EnvironmentError("OPTA_MAILBOX_URL is not an http or https address; it must be one such as http://127.0.0.1:54324.");
	}
	return value;
}

function clientAddressHeader(): string | null {
	const value = process.env.OPTA_CLIENT_ADDRESS_HEADER?.trim().toLowerCase() ?? "";
	if (value !== "" && !/^[a-z0-9-]{1,64}$/.test(value)) {
		throw new EnvironmentError(
			"OPTA_CLIENT_ADDRESS_HEADER is no name of a header; it must be the one that your proxy sets, such as x-real-ip.",
		);
	}
	return value === "" ? null : value;
}

let known: AccountsContext | undefined;

/**
 * What the routes work with, made once from the environment.
 * @throws {EnvironmentError} naming the first variable that cannot be used.
 */
export function accountsContext(): AccountsContext {
	if (known === undefined) {
		const configuration = authConfiguration();
		const passKeys = signingKeys();
		known = {
			configuration,
			backEndSettings: createBackEndSettings(configuration),
			verify: createAccessTokenVerifier(configuration),
			refresher: createSessionRefresher(configuration),
			signer: createPassSigner(passKeys, configuration.addressing),
			deviceTokens: createDeviceTokenSigner(passKeys, configuration.addressing),
			portal: openPortal(configuration, readPortalKey(process.env.OPTA_PORTAL_KEY)),
			clientAddressHeader: clientAddressHeader(),
			mailboxUrl: mailboxUrl(),
		};
	}
	return known;
}
