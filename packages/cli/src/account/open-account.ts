import { type DeviceSession, openDeviceSession } from "@opta/auth/cli-login/device-session";
import { SignInError } from "@opta/auth/cli-login/sign-in-error";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { SiteAddressing } from "@opta/contracts/site-url";
import { type AccountStore, openAccountStore } from "@opta/daemon/account/account-store";
import { addressingOf } from "@opta/daemon/account/accounts-addressing";
import { loadCliConfig } from "../config/load-cli-config.ts";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";

/** The account of this computer. */
export interface Account {
	readonly config: OptaConfig;
	readonly addressing: SiteAddressing;
	readonly store: AccountStore;
	readonly session: DeviceSession;
}

/**
 * Opens the account of this computer, signed in or not.
 * @throws {CommandFailure} `configuration`, when the configured origin is none of an accounts site.
 */
export async function openAccount(context: CliContext): Promise<Account> {
	const config = await loadCliConfig(context);
	const { origin } = config.accounts;
	const addressing = addressingOf(origin);
	if (addressing === null) {
		throw new CommandFailure("configuration", `accounts.origin is ${origin}; it must be like https://accounts.optalocal.com.`);
	}
	const store = await openAccountStore(context.home);
	return { config, addressing, store, session: openDeviceSession(addressing, store) };
}

/**
 * Does what may end in a refused sign-in.
 * @throws {CommandFailure} `failed`, with the words of the refusal.
 */
export async function orSignInFailure<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof SignInError) {
			throw new CommandFailure(error.cause === undefined ? "failed" : "unreachable", error.message, { cause: error });
		}
		throw error;
	}
}
