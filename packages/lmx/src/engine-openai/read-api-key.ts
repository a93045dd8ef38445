import { readFileSync } from "node:fs";
import path from "node:path";
import type { EngineConfig } from "@opta/contracts/schema/lmx-config";

/** A key, or why there is none, in one sentence. */
export type ReadKey = { readonly ok: true; readonly key: string | null } | { readonly ok: false; readonly message: string };

/** Reads the key of another server from where the configuration says: a file beside it, or a variable. It is never logged. */
export function readApiKey(
	{ name, apiKeyFile, apiKeyEnv }: EngineConfig,
	configFile: string,
	environment: Readonly<Record<string, string | undefined>>,
): ReadKey {
	if (apiKeyFile !== undefined) {
		try {
			const key = readFileSync(path.resolve(path.dirname(configFile), apiKeyFile), "utf8").trim();
			return key === ""
				? { ok: false, message: `The file with the key of the server ${name} is empty: ${apiKeyFile}.` }
				: { ok: true, key };
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			return { ok: false, message: `The key of the server ${name} cannot be read: ${reason}.` };
		}
	}
	if (apiKeyEnv !== undefined) {
		const key = environment[apiKeyEnv]?.trim();
		return key === undefined || key === ""
			? { ok: false, message: `The variable ${apiKeyEnv} with the key of the server ${name} is not set.` }
			: { ok: true, key };
	}
	return { ok: true, key: null };
}
