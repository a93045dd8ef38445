import { readFile } from "node:fs/promises";
import { z } from "zod";
import { replaceFile } from "../platform/replace-file.ts";
import { isMissing } from "./is-missing.ts";

/** Variables by name. */
export type SessionVariables = Readonly<Record<string, string>>;

const secretName = /key|token|secret|passw|credential|auth|cookie|private/i;

/** Sessions whose variables are kept whole in memory. */
const maxKept = 256;

/**
 * Variables of the terminals that sessions were started in. On the disk they are without those whose names speak of secrets:
 * these are known until the daemon ends.
 */
export class SessionEnvironments {
	readonly #kept = new Map<string, SessionVariables>();

	async store(sessionId: string, file: string, variables: SessionVariables): Promise<void> {
		this.#kept.set(sessionId, variables);
		for (const oldest of this.#kept.keys()) {
			if (this.#kept.size <= maxKept) {
				break;
			}
			this.#kept.delete(oldest);
		}
		const harmless = Object.fromEntries(Object.entries(variables).filter(([name]) => !secretName.test(name)));
		await replaceFile(file, `${JSON.stringify(harmless)}\n`);
	}

	/** Null where a session was started without any. */
	async read(sessionId: string, file: string): Promise<SessionVariables | null> {
		const kept = this.#kept.get(sessionId);
		if (kept !== undefined) {
			return kept;
		}
		try {
			return z.record(z.string(), z.string()).safeParse(JSON.parse(await readFile(file, "utf8"))).data ?? null;
		} catch (error) {
			if (isMissing(error) || error instanceof SyntaxError) {
				return null;
			}
			throw error;
		}
	}
}
