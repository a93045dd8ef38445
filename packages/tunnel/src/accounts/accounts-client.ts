import { passKeysPath, passRevocationsPath } from "@opta/contracts/pass";
import type { HostIdentity } from "@opta/contracts/schema/host";
import { type PassRevocation, passKeysResponseSchema, passRevocationsSchema } from "@opta/contracts/schema/pass";
import { signHostAssertion } from "@opta/reach/identity/host-assertion";
import { Agent, request } from "undici";

/** What a host asks its accounts. Both reject when accounts cannot be reached or answers anything else than asked. */
export interface AccountsClient {
	/** Statements about the keys of passes, by accounts' keys; not verified yet. */
	readonly keyStatements: () => Promise<readonly string[]>;
	/** Passes of people of this host that are worth nothing any more. */
	readonly revocations: () => Promise<readonly PassRevocation[]>;
	readonly close: () => Promise<void>;
}

const timeoutMs = 5_000;
const mostAnswerBytes = 1024 * 1024;

/** Node does not resolve names under `.localhost` (RFC 6761 §6.3): they are loopback, and the name goes along as `Host`. */
function reach(issuer: string, path: string): { url: URL; headers: Record<string, string> } {
	const url = new URL(path, issuer);
	if (!url.hostname.endsWith(".localhost")) {
		return { url, headers: {} };
	}
	const { host } = url;
	url.hostname = "127.0.0.1";
	return { url, headers: { host } };
}

/** Makes the client of a host. */
export function createAccountsClient(identity: Pick<HostIdentity, "hostId" | "issuer" | "key">): AccountsClient {
	const agent = new Agent({ connect: { timeout: timeoutMs }, maxResponseSize: mostAnswerBytes });
	async function ask<T>(path: string, schema: { parse(answer: unknown): T }, authorization: Record<string, string>): Promise<T> {
		const { url, headers } = reach(identity.issuer, path);
		const answer = await request(url, {
			dispatcher: agent,
			headers: { ...headers, ...authorization },
			signal: AbortSignal.timeout(timeoutMs),
		});
		if (answer.statusCode !== 200) {
			await answer.body.dump();
			throw new Error(`accounts answered ${path} with ${answer.statusCode}`);
		}
		return schema.parse(await answer.body.json());
	}
	return {
		keyStatements: async () => (await ask(passKeysPath, passKeysResponseSchema, {})).statements,
		revocations: async () => {
			const authorization = `Bearer ${await signHostAssertion(identity)}`;
			return (await ask(passRevocationsPath, passRevocationsSchema, { authorization })).revocations;
		},
		close: () => agent.destroy(),
	};
}
