import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { z } from "zod";
import type { SpawnedLocal } from "./spawn-local.ts";

const messagesSchema = z.object({ messages: z.array(z.object({ links: z.array(z.object({ url: z.url() })) })) });

/** Every test person's password. */
export const password = "correct horse battery";

/** A client of the API with a key and, where there is one, a person's access token. */
export function client(local: SpawnedLocal, key: string, accessToken?: string): SupabaseClient {
	return createClient(local.url, key, {
		auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
		...(accessToken === undefined ? {} : { global: { headers: { Authorization: `Bearer ${accessToken}` } } }),
	});
}

/** A person with a confirmed address. */
export interface Person {
	readonly id: string;
	readonly email: string;
	readonly accessToken: string;
	/** The API as this person. */
	readonly api: SupabaseClient;
}

/** Signs up and answers the new account's id; the address is not confirmed yet. */
export async function signUp(local: SpawnedLocal, email: string, data: Readonly<Record<string, unknown>> = {}): Promise<string> {
	const { data: result, error } = await client(local, local.secrets.publishableKey).auth.signUp({ email, password, options: { data } });
	if (error !== null || result.user === null) {
		throw new Error(`${email} could not sign up: ${error?.message}`);
	}
	return result.user.id;
}

/** The link that the mailbox got for an address, as the accounts site gets it. */
export async function confirmationLink(local: SpawnedLocal, email: string): Promise<URL> {
	const response = await fetch(`${local.mailboxUrl}/api/messages?to=${encodeURIComponent(email)}&waitMs=10000`);
	const link = messagesSchema.parse(await response.json()).messages[0]?.links[0];
	if (link === undefined) {
		throw new Error(`No mail with a link came for ${email}.`);
	}
	return new URL(link.url);
}

/** Follows the mail's link as accounts does, and answers the signed-in person. */
export async function confirm(local: SpawnedLocal, email: string): Promise<Person> {
	const tokenHash = (await confirmationLink(local, email)).searchParams.get("token_hash") ?? "";
	const { data, error } = await client(local, local.secrets.publishableKey).auth.verifyOtp({ token_hash: tokenHash, type: "signup" });
	if (error !== null || data.session === null) {
		throw new Error(`${email} could not be confirmed: ${error?.message}`);
	}
	const accessToken = data.session.access_token;
	return { id: data.session.user.id, email, accessToken, api: client(local, local.secrets.publishableKey, accessToken) };
}

/** Signs up and confirms. */
export async function join(local: SpawnedLocal, email: string, data?: Readonly<Record<string, unknown>>): Promise<Person> {
	await signUp(local, email, data);
	return confirm(local, email);
}
