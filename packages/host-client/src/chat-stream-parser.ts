import type { ChatChunk, FinishReason } from "@opta/contracts/schema/lmx-chat";
import { createParser } from "eventsource-parser";
import type { ChatEvent } from "./chat-event.ts";
import { interruptedError, parseJson, readErrorMember } from "./host-error.ts";

/** Turns the text of a chat completion's event stream into events, however the text was cut on its way. */
export interface ChatStreamParser {
	/** True once the answer has ended; what follows is ignored. */
	readonly ended: boolean;
	/** Takes the next piece of the stream. */
	push(text: string): void;
	/** Says that the stream has ended; an answer without its end is an `interrupted` error. */
	end(): void;
}

function isChunk(value: unknown): value is Partial<ChatChunk> {
	return typeof value === "object" && value !== null;
}

/** Reads `text/event-stream` in the shape of OpenAI's streamed chat completions: chunks, then `[DONE]`. */
export function createChatStreamParser(onEvent: (event: ChatEvent) => void): ChatStreamParser {
	let finishReason: FinishReason | null = null;
	let ended = false;

	function finish(event: ChatEvent): void {
		if (!ended) {
			ended = true;
			onEvent(event);
		}
	}

	function readChunk(chunk: Partial<ChatChunk>): void {
		const choice = chunk.choices?.[0];
		if (choice?.delta?.content) {
			onEvent({ type: "delta", text: choice.delta.content });
		}
		if (chunk.timings) {
			onEvent({ type: "timings", timings: chunk.timings });
		}
		if (chunk.usage) {
			onEvent({ type: "usage", usage: chunk.usage });
		}
		finishReason = choice?.finish_reason ?? finishReason;
	}

	const parser = createParser({
		onEvent({ data }) {
			if (ended) {
				return;
			}
			if (data === "[DONE]") {
				finish(finishReason === null ? { type: "error", error: interruptedError() } : { type: "done", finishReason });
				return;
			}
			const body = parseJson(data);
			const error = readErrorMember(body, null);
			if (error !== undefined) {
				finish({ type: "error", error });
			} else if (isChunk(body)) {
				readChunk(body);
			}
		},
	});

	return {
		get ended() {
			return ended;
		},
		push: (text) => parser.feed(text),
		end() {
			finish(finishReason === null ? { type: "error", error: interruptedError() } : { type: "done", finishReason });
		},
	};
}
