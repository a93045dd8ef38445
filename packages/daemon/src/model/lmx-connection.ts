import type { EgressWay } from "../egress/egress.ts";
import type { ModelEvent } from "./model-source.ts";

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

/** What is shown once a model has taken a request: its prompt is being read. */
export function readingPrompt(promptTokens: number | null, progress: { total: number; processed: number } | null): ModelEvent {
	const total = progress?.total ?? promptTokens;
	const fraction = progress === null || progress.total <= 0 ? null : Math.min(1, Math.max(0, progress.processed / progress.total));
	const message = total === null ? "Reading the prompt" : `Reading ${total.toLocaleString("en")} tokens`;
	return { type: "progress", stage: "reading_prompt", fraction, message, ...(total === null ? {} : { promptTokens: total }) };
}
