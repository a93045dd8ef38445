import type { DeviceCredential } from "@opta/auth/cli-login/credential";
import { homeFiles } from "@opta/daemon/platform/home-files";
import { accountsHttp } from "@opta/daemon/vault/accounts-http";
import { type VaultHttp, VaultServerError } from "@opta/vault/client/vault-http";
import { openSecretStore } from "@opta/vault/pull/open-secret-store";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import { VaultError } from "@opta/vault/vault-error";
import type { CliContext } from "../program/cli-context.ts";
import { CommandFailure } from "../program/command-failure.ts";
import { type Account, openAccount, orSignInFailure } from "./open-account.ts";

/** The vault of the person who is signed in, as this computer reaches it. */
export interface VaultAccess {
	readonly account: Account;
	readonly credential: DeviceCredential;
	readonly http: VaultHttp;
	/** Where this computer keeps its own key, and what was pulled. */
	readonly store: SecretStore;
	/** File of what it remembers between two pulls. */
	readonly stateFile: string;
}

/** @throws {CommandFailure} where nobody is signed in or accounts cannot be reached. */
export async function openVaultAccess(context: CliContext): Promise<VaultAccess> {
	const account = await openAccount(context);
	const files = homeFiles(context.home);
	return orSignInFailure(async () => {
		const credential = await account.store.read();
		if (credential === null) {
			throw new CommandFailure("failed", "Nobody is signed in on this computer. Sign in: opta account login");
		}
		const http = accountsHttp(account.config.accounts.origin, await account.session.accessToken());
		const store = await openSecretStore(credential.userId, files.vaultSecrets);
		return { account, credential, http, store, stateFile: files.vaultState };
	});
}

/**
 * Does what may end in a refusal of the vault.
 * @throws {CommandFailure} with its words.
 */
export async function orVaultFailure<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (error instanceof VaultServerError) {
			throw new CommandFailure(error.code === "unavailable" ? "unreachable" : "failed", error.message, { cause: error });
		}
		if (error instanceof VaultError) {
			throw new CommandFailure("failed", error.message, { cause: error });
		}
		throw error;
	}
}
