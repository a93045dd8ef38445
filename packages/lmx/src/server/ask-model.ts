import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { FastifyReply, FastifyRequest } from "fastify";
import { priorities } from "../engine/engine-messages.ts";
import type { Answer, Call, ModelLease, ModelProvider } from "../serving/backend.ts";
import { keepAliveMs } from "../serving/keep-alive.ts";
import { clientOf } from "./access/guard-access.ts";
import { onDisconnect } from "./answer-stream.ts";
import { sendError } from "./send-error.ts";

/** A model that waits for a request, and who asks. */
export interface ModelCall {
	readonly lease: ModelLease;
	readonly call: Call;
	/** Aborted when the client leaves before the answer is complete. */
	readonly gone: AbortSignal;
}

/** Who sends a request, and how urgent it is: the header `x-opta-priority`. */
export function callOf(request: FastifyRequest): Answer<Call> {
	const header = request.headers["x-opta-priority"];
	const priority = header === undefined ? "normal" : priorities.find((each) => each === header);
	return priority === undefined
		? {
				ok: false,
				error: {
					code: "invalid_request",
					message: `The header "x-opta-priority" must be one of ${priorities.join(", ")}.`,
					param: "x-opta-priority",
				},
			}
		: { ok: true, value: { requestId: request.id, client: clientOf(request), priority } };
}

/**
 * Gets the model that a request names. Null when there is none: the error was sent, or the client has left.
 * Whoever gets a lease releases it when the answer has ended, whichever way.
 */
export async function askForModel(
	provider: ModelProvider,
	request: FastifyRequest,
	reply: FastifyReply,
	wish: Pick<ChatRequest, "model" | "keep_alive">,
): Promise<ModelCall | null> {
	const call = callOf(request);
	if (!call.ok) {
		sendError(reply, call.error);
		return null;
	}
	const controller = new AbortController();
	onDisconnect(reply.raw, () => controller.abort());
	const keepMs = keepAliveMs(wish.keep_alive);
	const lease = await provider.acquire({
		model: wish.model,
		...(keepMs === undefined ? {} : { keepAliveMs: keepMs }),
		signal: controller.signal,
	});
	if (!lease.ok) {
		sendError(reply, lease.error);
		return null;
	}
	if (controller.signal.aborted) {
		lease.value.release();
		reply.hijack();
		return null;
	}
	return { lease: lease.value, call: call.value, gone: controller.signal };
}
