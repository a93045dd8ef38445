import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { spawnLocal } from "../../../../supabase/spawned/spawn-local.ts";
import { backEndCapabilities } from "../back-end-capabilities.ts";
import { type ContractBackEnd, contractClient } from "./contract-back-end.ts";

const messagesSchema = z.object({ messages: z.array(z.object({ links: z.array(z.object({ url: z.url() })) })) });

/** Starts the embedded back end in a folder of its own. */
export async function openEmbeddedBackEnd(): Promise<ContractBackEnd> {
	const stateDir = await mkdtemp(path.join(tmpdir(), "opta-contract-"));
	const local = await spawnLocal(stateDir);

	async function newestToken(email: string): Promise<string> {
		const answer = await fetch(`${local.mailboxUrl}/api/messages?to=${encodeURIComponent(email)}&waitMs=10000`);
		const link = messagesSchema.parse(await answer.json()).messages[0]?.links[0]?.url;
		return new URL(link ?? "").searchParams.get("token_hash") ?? "";
	}

	const backEnd: ContractBackEnd = {
		capabilities: backEndCapabilities({ jwtSecret: local.secrets.jwtSecret }),
		url: local.url,
		publishableKey: local.secrets.publishableKey,
		async signUp(email, password) {
			await contractClient(backEnd).auth.signUp({ email, password });
			return newestToken(email);
		},
		async mailToken(email, type) {
			const { auth } = contractClient(backEnd);
			await (type === "recovery" ? auth.resetPasswordForEmail(email) : auth.signInWithOtp({ email, options: { shouldCreateUser: false } }));
			return newestToken(email);
		},
		async close() {
			await local.stop();
			await rm(stateDir, { recursive: true, force: true });
		},
	};
	return backEnd;
}
