import { randomBytes } from "node:crypto";
import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type { SecretStore } from "@opta/vault/pull/secret-store";
import { readSignIn, type SignInRecord, writeSignIn } from "./sign-in-record.ts";

/** A sign-in in progress: where the browser comes back to, and where it is sent. */
export interface InteractiveSignIn {
	readonly redirectUrl: string;
	readonly state: string;
	readonly open: (url: URL) => void;
}

/** A state that nobody can guess. */
export function newState(): string {
	return randomBytes(32).toString("base64url");
}

/** Tokens of one server for the SDK, which does PKCE and renews them. Without `interactive` nobody is sent anywhere. */
export async function signInProvider(
	secrets: SecretStore,
	server: string,
	url: string,
	interactive: InteractiveSignIn | null,
): Promise<OAuthClientProvider> {
	const stored = await readSignIn(secrets, server, url);
	// A client that was registered for another port of ours may not come back to this one.
	let record: SignInRecord = interactive === null ? stored : { url };
	let verifier = "";
	const keep = (change: Partial<SignInRecord>): Promise<void> => {
		record = { ...record, ...change };
		return writeSignIn(secrets, server, record);
	};
	return {
		redirectUrl: interactive?.redirectUrl ?? "http://127.0.0.1/callback",
		clientMetadata: {
			client_name: "Opta",
			redirect_uris: [interactive?.redirectUrl ?? "http://127.0.0.1/callback"],
			grant_types: ["authorization_code", "refresh_token"],
			response_types: ["code"],
			token_endpoint_auth_method: "none",
		},
		state: () => interactive?.state ?? newState(),
		clientInformation: () => record.client,
		saveClientInformation: (client) => keep({ client }),
		tokens: () => record.tokens,
		saveTokens: (tokens) => keep({ tokens }),
		redirectToAuthorization: (target) => {
			if (target.protocol !== "https:" && target.hostname !== "127.0.0.1" && target.hostname !== "localhost") {
				throw new Error(`The server sends people to ${target.protocol}//${target.host} to sign in, which is not protected by TLS.`);
			}
			interactive?.open(target);
		},
		saveCodeVerifier: (text) => {
			verifier = text;
		},
		codeVerifier: () => verifier,
		invalidateCredentials: async (scope) => {
			const client = scope === "tokens" ? record.client : undefined;
			record = { url, ...(client === undefined ? {} : { client }) };
			await writeSignIn(secrets, server, record);
		},
	};
}
