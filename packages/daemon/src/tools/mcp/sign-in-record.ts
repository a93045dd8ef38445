import type { OAuthClientInformationMixed, OAuthTokens } from "@modelcontextprotocol/sdk/shared/auth.js";
import type { SecretStore } from "@opta/vault/pull/secret-store";

/** What is kept of a sign-in to a server. */
export interface SignInRecord {
	/** Of the server: tokens go nowhere else. */
	readonly url: string;
	readonly client?: OAuthClientInformationMixed;
	readonly tokens?: OAuthTokens;
}

function account(server: string): string {
	return `mcp ${server}`;
}

/** Reads it from the keychain; an empty one where there is none, or where it belongs to another address. */
export async function readSignIn(secrets: SecretStore, server: string, url: string): Promise<SignInRecord> {
	const text = await secrets.read(account(server));
	if (text === null) {
		return { url };
	}
	const { OAuthClientInformationFullSchema, OAuthTokensSchema } = await import("@modelcontextprotocol/sdk/shared/auth.js");
	const stored = JSON.parse(text) as Record<string, unknown>;
	const client = OAuthClientInformationFullSchema.safeParse(stored.client);
	const tokens = OAuthTokensSchema.safeParse(stored.tokens);
	return stored.url === url
		? { url, ...(client.success ? { client: client.data } : {}), ...(tokens.success ? { tokens: tokens.data } : {}) }
		: { url };
}

/** Keeps it in the keychain, else in the file of secrets (mode 0600). */
export function writeSignIn(secrets: SecretStore, server: string, record: SignInRecord): Promise<void> {
	return secrets.write(account(server), JSON.stringify(record));
}
