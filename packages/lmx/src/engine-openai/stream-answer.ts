import type { FinishReason, Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import type { AnswerError, AnswerListener, RunningAnswer } from "../serving/backend.ts";
import { ChunkReader } from "./answer-chunk.ts";
import type { Upstream, UpstreamRequest } from "./upstream.ts";
import { streamError } from "./upstream-error.ts";

const noUsage: Usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0, prompt_tokens_details: { cached_tokens: 0 } };

/** Listens to one answer of another server. Its choices end when the server says so, and the answer when all have. */
class AnswerRelay {
	readonly #server: string;
	readonly #listener: AnswerListener;
	readonly #reader = new ChunkReader();
	readonly #finished = new Map<number, FinishReason>();
	readonly #choices: number;
	#usage: Usage | null = null;
	#timings: Timings | null = null;
	/** Set when the stream says that it failed, or says what nobody understands. */
	error: AnswerError | null = null;

	constructor(server: string, choices: number, listener: AnswerListener) {
		this.#server = server;
		this.#choices = choices;
		this.#listener = listener;
	}

	read(event: string, data: string): "more" | "done" {
		if (data === "[DONE]") {
			return "done";
		}
		if (event === "error" || /^\s*\{\s*"error"/.test(data)) {
			this.error = streamError(this.#server, data);
			return "done";
		}
		const chunk = this.#reader.read(data);
		if (chunk === null) {
			this.error = { code: "model_crashed", message: `The server ${this.#server} sent something that is no part of an answer.` };
			return "done";
		}
		if (chunk.progress !== null) {
			this.#listener.onProgress?.(chunk.progress);
		}
		for (const { index, deltas, logprobs, finishReason } of chunk.choices) {
			if (index >= this.#choices || this.#finished.has(index)) {
				continue;
			}
			deltas.forEach((delta, place) => {
				this.#listener.onDelta(index, delta, place === deltas.length - 1 ? logprobs : null);
			});
			if (finishReason !== null) {
				this.#finished.set(index, finishReason);
				this.#listener.onFinish(index, finishReason, null);
			}
		}
		this.#usage = chunk.usage ?? this.#usage;
		this.#timings = chunk.timings ?? this.#timings;
		return "more";
	}

	/** The stream has ended by itself. */
	end(): void {
		if (this.#finished.size < this.#choices) {
			this.#listener.onError({ code: "model_crashed", message: `The server ${this.#server} broke off its answer before it was complete.` });
		} else {
			this.#listener.onEnd(this.#usage ?? noUsage, this.#timings);
		}
	}
}

/** Asks another server for an answer and passes it on as it comes; cancelling hangs up, which ends the work there. */
export function streamAnswer(upstream: Upstream, request: UpstreamRequest, choices: number, listener: AnswerListener): RunningAnswer {
	const gone = new AbortController();
	const relay = new AnswerRelay(upstream.name, choices, listener);
	void upstream
		.events(
			{ ...request, signal: gone.signal },
			() => listener.onAccepted(0),
			({ event, data }) => {
				const wish = gone.signal.aborted ? "done" : relay.read(event, data);
				return wish === "done" ? wish : (listener.drained?.() ?? wish);
			},
		)
		.then((failure) => {
			if (gone.signal.aborted) {
				return;
			}
			const error = failure ?? relay.error;
			if (error === null) {
				relay.end();
			} else {
				listener.onError(error);
			}
		});
	return { cancel: () => gone.abort() };
}
