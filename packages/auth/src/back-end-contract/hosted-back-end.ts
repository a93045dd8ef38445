import { createClient } from "@supabase/supabase-js";
import { backEndCapabilities } from "../back-end-capabilities.ts";
import type { ContractBackEnd } from "./contract-back-end.ts";
import type { HostedTestProject } from "./env.ts";

/** Opens a hosted project. Mails cannot be read there, so their tokens come from the admin API, which makes the same ones. */
export function openHostedBackEnd({ url, publishableKey, secretKey }: HostedTestProject): ContractBackEnd {
	const { admin } = createClient(url, secretKey, { auth: { persistSession: false, autoRefreshToken: false } }).auth;
	const made: string[] = [];

	async function linkToken(parameters: Parameters<typeof admin.generateLink>[0]): Promise<string> {
		const { data, error } = await admin.generateLink(parameters);
		if (error !== null) {
			throw error;
		}
		if (parameters.type === "signup") {
			made.push(data.user.id);
		}
		return data.properties.hashed_token;
	}

	return {
		capabilities: backEndCapabilities({ jwtSecret: null }),
		url,
		publishableKey,
		signUp: (email, password) => linkToken({ type: "signup", email, password }),
		mailToken: (email, type) => linkToken({ type, email }),
		async close() {
			for (const id of made.splice(0)) {
				await admin.deleteUser(id);
			}
		},
	};
}
