import { type AccountsQuestion, askAccounts } from "@opta/auth/accounts-client/ask-accounts";
import { passKeysPath, passRevocationsPath } from "@opta/contracts/pass";
import { hostPresencePath } from "@opta/contracts/reach";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { type HostPresence, hostPresenceResponseSchema } from "@opta/contracts/schema/host-claim";
import { type PassRevocation, passKeysResponseSchema, passRevocationsSchema } from "@opta/contracts/schema/pass";
import { signHostAssertion } from "@opta/reach/identity/host-assertion";
import { Agent } from "undici";

/** What a host asks its accounts. Each rejects when accounts cannot be reached or answers anything else than asked. */
export interface AccountsClient {
	/** Statements about the keys of passes, by accounts' keys; not verified yet. */
	readonly keyStatements: () => Promise<readonly string[]>;
	/** Passes of people of this host that are worth nothing any more. */
	readonly revocations: () => Promise<readonly PassRevocation[]>;
	/** Says where this host is. */
	readonly postPresence: (presence: HostPresence) => Promise<void>;
	readonly close: () => Promise<void>;
}

/** Accounts refused; the message is its own. */
export class AccountsRefused extends Error {
	override readonly name = "AccountsRefused";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}

const connectTimeoutMs = 5_000;

/**
 * Makes the client of a host.
 * @param onRevoked told when accounts says that this host's owner revoked it, and when it takes this host's word again
 */
export function createAccountsClient(
	identity: Pick<HostIdentity, "hostId" | "issuer" | "key">,
	onRevoked: (revoked: boolean) => void,
): AccountsClient {
	const agent = new Agent({ connect: { timeout: connectTimeoutMs } });
	let isRevoked = false;

	async function ask<T>(question: AccountsQuestion<T>): Promise<T> {
		const answer = await askAccounts(identity.issuer, { ...question, dispatcher: agent });
		if (!answer.ok) {
			throw new AccountsRefused(answer.code, answer.message);
		}
		return answer.value;
	}
	function stand(revoked: boolean): void {
		if (revoked !== isRevoked) {
			isRevoked = revoked;
			onRevoked(revoked);
		}
	}
	/** Only an answer to this host's own signature says whether it is still one: nobody else's word, and no silence. */
	async function askAsHost<T>(question: AccountsQuestion<T>): Promise<T> {
		const headers = { authorization: `Bearer ${await signHostAssertion(identity)}` };
		try {
			const value = await ask({ ...question, headers });
			stand(false);
			return value;
		} catch (error) {
			if (error instanceof AccountsRefused && error.code === "host_revoked") {
				stand(true);
			}
			throw error;
		}
	}
	return {
		keyStatements: async () => (await ask({ method: "GET", path: passKeysPath, schema: passKeysResponseSchema })).statements,
		revocations: async () => (await askAsHost({ method: "GET", path: passRevocationsPath, schema: passRevocationsSchema })).revocations,
		postPresence: async (presence) => {
			await askAsHost({ method: "POST", path: hostPresencePath, schema: hostPresenceResponseSchema, body: presence });
		},
		close: () => agent.destroy(),
	};
}
