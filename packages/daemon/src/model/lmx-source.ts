import { modelListSchema } from "@opta/contracts/schema/lmx-models";
import { z } from "zod";
import type { EgressWay } from "../egress/egress.ts";
import type { LmxAddress } from "../egress/guard-address.ts";
import { askOverEvents } from "./ask-over-events.ts";
import { askOverSocket, openChatSocket } from "./ask-over-socket.ts";
import { connectionHeaders, type LmxConnection } from "./lmx-connection.ts";
import { chatRequestOf } from "./lmx-request.ts";
import { cancelledFailure, failure, serverFailure, unreachableFailure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure, ModelResult, ModelSource, OfferedModel } from "./model-source.ts";
import { showWaiting } from "./show-waiting.ts";

/** What LMX is asked with. */
export interface LmxSourceParts {
	readonly way: EgressWay;
	readonly address: () => LmxAddress | null;
	readonly key: () => Promise<string | null>;
	/** How often a silent server is asked for a sign of life. */
	readonly watchMs?: number;
	readonly listTimeoutMs?: number;
}

/** The list of another server in the shape of the OpenAI reference: llama-server names the context under `meta`, vLLM beside the id. */
const foreignListSchema = z.object({
	data: z.array(
		z.object({ id: z.string(), max_model_len: z.number().nullish(), meta: z.object({ n_ctx: z.number().nullish() }).nullish() }),
	),
});

/** How long a server without sockets is not asked for one. */
const withoutSocketMs = 10 * 60_000;

function urlOf({ host, port }: LmxAddress): string {
	return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}

function offered(body: unknown): OfferedModel[] | null {
	const own = modelListSchema.safeParse(body);
	if (own.success) {
		return own.data.data.map(({ id, opta }) => ({
			id,
			state: opta.state,
			contextTokens: opta.contextTokens,
			vision: false,
			fileBytes: opta.fileBytes,
		}));
	}
	const foreign = foreignListSchema.safeParse(body).data;
	return (
		foreign?.data.map(({ id, max_model_len, meta }) => ({
			id,
			state: "ready",
			contextTokens: max_model_len ?? meta?.n_ctx ?? null,
			vision: false,
			fileBytes: null,
		})) ?? null
	);
}

/** LMX, or another server in the shape of the OpenAI reference at its place: by socket, and by server-sent events where there is none. */
export function createLmxSource(parts: LmxSourceParts): ModelSource {
	const { way, address, watchMs = 15_000, listTimeoutMs = 5000 } = parts;
	/** Addresses that answered by events after they had refused a socket, and until when no socket is tried again. */
	const eventsUntil = new Map<string, number>();

	async function connect(): Promise<LmxConnection | ModelFailure> {
		const at = address();
		if (at === null) {
			const message = 'No LMX was found. Say where it is with "opta connect", or start one with "opta serve".';
			return failure("host_unreachable", message, { unreachable: true });
		}
		return { url: urlOf(at), way, key: await parts.key(), watchMs };
	}

	/** Why a request for this model has not begun yet; null where that cannot be known. */
	async function waitingFor(model: string, signal: AbortSignal): Promise<ModelEvent | null> {
		const list = await models(signal);
		const busy = list.ok ? list.value.find(({ id, state }) => (model === "auto" ? state === "loading" : id === model)) : undefined;
		if (busy === undefined || busy.state === "failed") {
			return null;
		}
		return busy.state === "ready"
			? { type: "progress", stage: "queued", fraction: null, message: `${busy.id} answers others first` }
			: { type: "progress", stage: "loading_model", fraction: null, message: `Loading ${busy.id}` };
	}

	async function* askOnce(...[request, signal]: Parameters<ModelSource["ask"]>): AsyncGenerator<ModelEvent, void> {
		const connection = await connect();
		if ("code" in connection) {
			yield { type: "failed", failure: connection };
			return;
		}
		if (signal.aborted) {
			yield { type: "failed", failure: cancelledFailure() };
			return;
		}
		yield { type: "progress", stage: "connecting", fraction: null, message: null };
		const body = chatRequestOf(request);
		const mayHaveSocket = Date.now() >= (eventsUntil.get(connection.url) ?? 0);
		const socket = mayHaveSocket ? await openChatSocket(connection, AbortSignal.any([signal, AbortSignal.timeout(watchMs)])) : null;
		if (socket !== null) {
			yield* askOverSocket(connection, socket, body, signal);
			return;
		}
		for await (const event of askOverEvents(connection, body, signal)) {
			if (event.type === "done" && mayHaveSocket) {
				eventsUntil.set(connection.url, Date.now() + withoutSocketMs);
			}
			yield event;
		}
	}

	async function models(signal: AbortSignal): Promise<ModelResult<readonly OfferedModel[]>> {
		const connection = await connect();
		if ("code" in connection) {
			return { ok: false, failure: connection };
		}
		try {
			const response = await way.fetch(`${connection.url}/v1/models`, {
				headers: connectionHeaders(connection),
				signal: AbortSignal.any([signal, AbortSignal.timeout(listTimeoutMs)]),
			});
			const body: unknown = await response.json().catch(() => null);
			const list = response.ok ? offered(body) : null;
			return list === null ? { ok: false, failure: serverFailure(body, response.status) } : { ok: true, value: list };
		} catch (error) {
			return { ok: false, failure: signal.aborted ? cancelledFailure() : unreachableFailure(error, connection.url) };
		}
	}

	return {
		provider: "lmx",
		address: () => {
			const at = address();
			return at === null ? null : urlOf(at);
		},
		ask: (request, signal) => showWaiting(askOnce(request, signal), (lookSignal) => waitingFor(request.model, lookSignal)),
		models,
		close: async () => eventsUntil.clear(),
	};
}
