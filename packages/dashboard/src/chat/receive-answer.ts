import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { HostClient } from "@opta/host-client/host-client";
import type { Answer } from "./conversation.ts";

/** What became of an answer. */
export type AnswerOutcome = Pick<Answer, "text" | "state" | "finishReason" | "figures" | "error">;

interface ReceiveOptions {
	readonly signal: AbortSignal;
	/** The text so far, whenever more has arrived. */
	readonly onText: (text: string) => void;
}

/**
 * Ten paints a second are smooth to read. Each one takes a core from a model on the same machine for a moment, and the
 * model's threads wait for each other meanwhile, so every paint costs it more than itself.
 */
const readIntervalMs = 100;

/** Receives one answer to its end, whichever that is. */
export async function receiveAnswer(client: HostClient, request: ChatRequest, { signal, onText }: ReceiveOptions): Promise<AnswerOutcome> {
	const startedMs = performance.now();
	let outcome: AnswerOutcome = {
		text: "",
		state: "interrupted",
		finishReason: null,
		figures: { firstTextMs: null, tokensPerSecond: null, tokens: null },
		error: null,
	};
	await client.streamChat(request, {
		signal,
		readIntervalMs,
		onEvent(event) {
			switch (event.type) {
				case "delta": {
					const firstTextMs = outcome.figures.firstTextMs ?? performance.now() - startedMs;
					outcome = { ...outcome, text: outcome.text + event.text, figures: { ...outcome.figures, firstTextMs } };
					onText(outcome.text);
					break;
				}
				case "timings": {
					const { predicted_n, predicted_per_second } = event.timings;
					outcome = { ...outcome, figures: { ...outcome.figures, tokens: predicted_n, tokensPerSecond: predicted_per_second } };
					break;
				}
				case "usage":
					outcome = { ...outcome, figures: { ...outcome.figures, tokens: event.usage.completion_tokens } };
					break;
				case "done":
					outcome =
						event.finishReason === "cancelled"
							? { ...outcome, state: "stopped" }
							: { ...outcome, state: "done", finishReason: event.finishReason };
					break;
				case "error":
					outcome = { ...outcome, state: "failed", error: event.error };
					break;
			}
		},
	});
	return outcome;
}
