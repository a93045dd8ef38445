import type { FinishReason } from "@opta/contracts/schema/lmx-chat";
import type { Vocabulary } from "../context/inference-context.ts";
import type { Sampler } from "../sampling/sampler.ts";
import { StopMatcher } from "../text/stop-matcher.ts";
import { type PieceTexts, TokenText } from "../text/token-text.ts";

/** What a request asks of the model, in tokens. */
export interface GenerationRequest {
	readonly id: string;
	readonly prompt: Int32Array;
	/** Most tokens to generate. */
	readonly maxTokens: number;
	readonly sampler: Sampler;
	readonly stops: readonly string[];
}

/** Counts and times of a finished request. Waiting in the queue is in none of them. */
export interface GenerationResult {
	readonly finishReason: FinishReason;
	readonly promptTokens: number;
	/** Of the prompt, taken from the cache. */
	readonly cachedTokens: number;
	readonly completionTokens: number;
	/** Of the completion, spent on thinking. */
	readonly reasoningTokens: number;
	readonly promptMs: number;
	readonly predictedMs: number;
}

/** Hears what a request produces. */
export interface GenerationListener {
	onText(text: string): void;
	onEnd(result: GenerationResult): void;
}

/** One request on its way: its tokens so far, its text, its times. */
export class Generation {
	readonly request: GenerationRequest;
	readonly #listener: GenerationListener;
	readonly #vocabulary: Vocabulary;
	readonly #text: TokenText;
	readonly #stops: StopMatcher;
	readonly #contextTokens: number;
	#tokens: Int32Array;
	#length: number;
	#generated = 0;
	#cachedTokens = 0;
	#startedAtMs: number | null = null;
	#firstTokenAtMs = 0;

	constructor(
		request: GenerationRequest,
		listener: GenerationListener,
		model: { vocabulary: Vocabulary; pieceTexts: PieceTexts; contextTokens: number },
	) {
		this.request = request;
		this.#listener = listener;
		this.#vocabulary = model.vocabulary;
		this.#contextTokens = model.contextTokens;
		this.#text = new TokenText(model.vocabulary, model.pieceTexts);
		this.#stops = new StopMatcher(request.stops);
		this.#length = request.prompt.length;
		this.#tokens = new Int32Array(this.#length + Math.min(request.maxTokens, 256));
		this.#tokens.set(request.prompt);
	}

	/** Prompt and generated tokens; entries from `length` on mean nothing. */
	get tokens(): Int32Array {
		return this.#tokens;
	}

	get length(): number {
		return this.#length;
	}

	/** At least one token was generated. */
	get hasBegun(): boolean {
		return this.#generated > 0;
	}

	/** Called when a sequence takes the request; the first time decides what counts as cached. */
	start(cachedTokens: number, nowMs: number): void {
		if (this.#startedAtMs === null) {
			this.#startedAtMs = nowMs;
			this.#cachedTokens = cachedTokens;
		}
	}

	/** Takes the next token; true when it was the last one. */
	accept(token: number, nowMs: number): boolean {
		if (this.#generated++ === 0) {
			this.#firstTokenAtMs = nowMs;
		}
		if (this.#vocabulary.isEndOfGeneration(token)) {
			return this.#finish("stop", this.#text.end(), nowMs);
		}
		if (this.#length === this.#tokens.length) {
			const larger = new Int32Array(this.#tokens.length * 2);
			larger.set(this.#tokens);
			this.#tokens = larger;
		}
		this.#tokens[this.#length++] = token;
		const { text, stopped } = this.#stops.push(this.#text.push(token));
		if (text !== "") {
			this.#listener.onText(text);
		}
		if (stopped) {
			this.#end("stop", nowMs);
			return true;
		}
		if (this.#generated >= this.request.maxTokens || this.#length >= this.#contextTokens) {
			return this.#finish("length", this.#text.end(), nowMs);
		}
		return false;
	}

	#finish(reason: FinishReason, rest: string, nowMs: number): true {
		const last = this.#stops.push(rest);
		const text = last.stopped ? last.text : last.text + this.#stops.end();
		if (text !== "") {
			this.#listener.onText(text);
		}
		this.#end(last.stopped ? "stop" : reason, nowMs);
		return true;
	}

	#end(finishReason: FinishReason, nowMs: number): void {
		this.#listener.onEnd({
			finishReason,
			promptTokens: this.request.prompt.length,
			cachedTokens: this.#cachedTokens,
			completionTokens: this.#generated,
			reasoningTokens: 0,
			promptMs: this.#firstTokenAtMs - (this.#startedAtMs ?? nowMs),
			predictedMs: nowMs - this.#firstTokenAtMs,
		});
	}
}
