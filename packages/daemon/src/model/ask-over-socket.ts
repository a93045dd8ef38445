import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { parseJson } from "@opta/host-client/host-error";
import type { WebSocket } from "undici";
import { z } from "zod";
import { createEventChannel } from "./event-channel.ts";
import { connectionHeaders, type LmxConnection, readingPrompt, watchMisses } from "./lmx-connection.ts";
import { brokenFailure, cancelledFailure, failure, serverFailure } from "./model-failure.ts";
import type { ModelEvent, ModelFailure } from "./model-source.ts";
import {
	createAnswerReader,
	deltaSchema,
	finishOf,
	promptProgressSchema,
	speedOf,
	timingsSchema,
	usageOf,
	usageSchema,
} from "./read-answer.ts";
import { watchServer } from "./watch-server.ts";

const chatId = "turn";
/** RFC 6455 §7.4.1: the message was larger than the server takes. */
const frameTooLarge = 1009;

function tooLargeFailure(): ModelFailure {
	return failure("context_length_exceeded", "The conversation is larger than the model server takes. Compact it, or begin a new session.");
}

/** Frames of `WS /v1/chat/stream` (contracts, `lmx-stream.ts`), as far as they are read; others are ignored. */
const frameSchema = z.discriminatedUnion("type", [
	z.object({ type: z.literal("accepted"), prompt_tokens: z.number() }),
	z.object({ type: z.literal("progress"), prompt_progress: promptProgressSchema }),
	z.object({ type: z.literal("delta"), delta: deltaSchema }),
	z.object({
		type: z.literal("done"),
		model: z.string(),
		finish_reason: z.string(),
		usage: usageSchema.nullish(),
		timings: timingsSchema.nullish(),
	}),
	z.object({ type: z.literal("error"), error: z.unknown() }),
]);

/** Opens the socket; null where the server offers none, cannot be reached, or the signal came first. */
export function openChatSocket(connection: LmxConnection, signal: AbortSignal): Promise<WebSocket | null> {
	const { promise, resolve } = Promise.withResolvers<WebSocket | null>();
	const socket = connection.way.openSocket(`${connection.url.replace(/^http/, "ws")}/v1/chat/stream`, {
		headers: connectionHeaders(connection),
	});
	const giveUp = (): void => {
		resolve(null);
		socket.close();
	};
	signal.addEventListener("abort", giveUp, { once: true });
	socket.addEventListener("open", () => resolve(socket), { once: true });
	socket.addEventListener("error", () => resolve(null), { once: true });
	socket.addEventListener("close", () => resolve(null), { once: true });
	return promise.finally(() => signal.removeEventListener("abort", giveUp));
}

/** Asks on an open socket, which is closed in the end. */
export async function* askOverSocket(
	connection: LmxConnection,
	socket: WebSocket,
	body: ChatRequest,
	signal: AbortSignal,
): AsyncGenerator<ModelEvent, void> {
	const channel = createEventChannel<ModelEvent>();
	const answer = createAnswerReader();

	const fail = (failure: ModelFailure): void => {
		channel.push({ type: "failed", failure });
		channel.end();
	};
	const send = (frame: unknown): void => {
		if (socket.readyState === socket.OPEN) {
			socket.send(JSON.stringify(frame));
		}
	};
	const watch = watchServer({
		everyMs: connection.watchMs,
		misses: watchMisses,
		check: async () => {
			send({ type: "ping" });
			return false;
		},
		onDead: () => fail(brokenFailure(answer.hadOutput(), "The model server does not answer any more.")),
	});
	const cancel = (): void => {
		send({ type: "cancel", id: chatId });
		fail(cancelledFailure(answer.hadOutput()));
	};

	socket.addEventListener("message", ({ data }) => {
		watch.heard();
		const frame = frameSchema.safeParse(parseJson(String(data))).data;
		switch (frame?.type) {
			case "accepted":
				channel.push(readingPrompt(frame.prompt_tokens, null));
				break;
			case "progress":
				channel.push(readingPrompt(null, frame.prompt_progress));
				break;
			case "delta":
				answer.push(frame.delta).forEach(channel.push);
				break;
			case "done":
				answer.end().forEach(channel.push);
				channel.push({
					type: "done",
					model: frame.model,
					reason: finishOf(frame.finish_reason),
					usage: usageOf(frame.usage),
					speed: speedOf(frame.timings),
				});
				channel.end();
				break;
			case "error":
				fail(serverFailure({ error: frame.error }, null, { hadOutput: answer.hadOutput() }));
				break;
			default:
		}
	});
	const broken = (): void => fail(brokenFailure(answer.hadOutput()));
	socket.addEventListener("close", ({ code }) => (code === frameTooLarge ? fail(tooLargeFailure()) : broken()));
	socket.addEventListener("error", broken);
	signal.addEventListener("abort", cancel, { once: true });
	try {
		if (signal.aborted) {
			cancel();
		} else {
			send({ ...body, id: chatId });
		}
		yield* channel.read();
	} finally {
		watch.stop();
		signal.removeEventListener("abort", cancel);
		socket.close();
	}
}
