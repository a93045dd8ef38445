import { type SiteAddressing, siteOrigin, siteUrl } from "@opta/contracts/site-url";
import { type AccountsAnswer, type AccountsQuestion, askAccounts } from "../accounts-client/ask-accounts.ts";
import type { DeviceKey } from "../device-credential/device-key.ts";
import { proveKey } from "../device-credential/key-proof.ts";
import { SignInError } from "./sign-in-error.ts";

/** What a device asks of accounts. */
export interface AccountsCall<T> extends Omit<AccountsQuestion<T>, "headers"> {
	/** The key that signs the request, and the secret in it. */
	readonly proof?: { readonly key: DeviceKey; readonly secret: string };
	readonly accessToken?: string;
}

/**
 * Calls a route of accounts.
 * @throws {SignInError} when accounts cannot be reached.
 */
export async function callAccounts<T>(addressing: SiteAddressing, call: AccountsCall<T>): Promise<AccountsAnswer<T>> {
	const { proof, accessToken, ...question } = call;
	const { method, path, signal } = question;
	const url = siteUrl(addressing, "accounts", path);
	const headers = {
		...(proof === undefined ? {} : { dpop: await proveKey(proof.key, { method, url, secret: proof.secret }) }),
		...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
	};
	try {
		return await askAccounts(siteOrigin(addressing, "accounts"), { ...question, headers });
	} catch (error) {
		if (signal?.aborted) {
			throw signal.reason;
		}
		throw new SignInError(`Accounts cannot be reached at ${url}. Check the connection, then try again.`, { cause: error });
	}
}
