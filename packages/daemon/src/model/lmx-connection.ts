import type { z } from "zod";
import type { EgressWay } from "../egress/egress.ts";
import type { ModelEvent } from "./model-source.ts";
import type { promptProgressSchema } from "./read-answer.ts";

/** One way to one server. */
export interface LmxConnection {
	/** `http://host:port`. */
	readonly url: string;
	readonly way: EgressWay;
	/** Sent as `Bearer`; null where the server asks for none. */
	readonly key: string | null;
	/** How often a silent server is asked for a sign of life; after three without an answer it is taken for dead. */
	readonly watchMs: number;
}

/** How many signs of life may be missing in a row. */
export const watchMisses = 3;

/** Headers that every request to the server has. */
export function connectionHeaders({ key }: LmxConnection): Record<string, string> {
	return key === null ? {} : { authorization: `Bearer ${key}` };
}

/** True when the server's process answers at all, whatever it says. */
export async function isAlive(connection: LmxConnection, signal: AbortSignal): Promise<boolean> {
	try {
		const response = await connection.way.fetch(`${connection.url}/healthz`, { headers: connectionHeaders(connection), signal });
		await response.body?.cancel();
		return true;
	} catch {
		return false;
	}
}

type PromptProgress = Readonly<z.infer<typeof promptProgressSchema>>;

/** What is shown once a model has taken a request: its prompt is being read, except for what is in the cache. */
export function readingPrompt(promptTokens: number | null, progress: PromptProgress | null): ModelEvent {
	const tokens = progress === null ? promptTokens : progress.total - progress.cache;
	const fraction =
		progress === null ? null : tokens === 0 ? 1 : Math.min(1, Math.max(0, (progress.processed - progress.cache) / (tokens ?? 1)));
	const message = tokens === null ? "Reading the prompt" : `Reading ${tokens.toLocaleString("en")} tokens`;
	return { type: "progress", stage: "reading_prompt", fraction, message };
}
