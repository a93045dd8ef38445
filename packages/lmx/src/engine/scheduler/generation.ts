import type { ErrorCode } from "@opta/contracts/error-codes";
import type { FinishReason, PromptProgress, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { Vocabulary } from "../context/inference-context.ts";
import type { Priority } from "../engine-messages.ts";
import type { GrammarGuide } from "../grammar/grammar-guide.ts";
import { measureToken } from "../sampling/logprobs.ts";
import type { SamplingSettings } from "../sampling/sampler.ts";
import { TokenChooser } from "../sampling/token-chooser.ts";
import { type AnswerPiece, AnswerText } from "../text/answer-text.ts";
import type { PieceTexts } from "../text/token-text.ts";
import { type ThinkingSettings, ThinkingWatch } from "./thinking-watch.ts";

/** What a request asks of the model, in tokens. */
export interface GenerationRequest {
	readonly id: string;
	readonly prompt: Int32Array;
	/** Most tokens to generate. */
	readonly maxTokens: number;
	readonly sampling: SamplingSettings;
	readonly stops: readonly string[];
	readonly grammar: GrammarGuide | null;
	/** Alternatives to report beside every token; null: no probabilities. */
	readonly logprobs: number | null;
	/** Null for a model that does not think. */
	readonly thinking: ThinkingSettings | null;
	readonly priority: Priority;
	/** Requests of one priority are served in turn between clients. */
	readonly client: string;
}

/** Counts and times of a finished request. Waiting in the queue is in none of them. */
export interface GenerationResult {
	readonly finishReason: FinishReason;
	/** The stop string that ended the text, where one did. */
	readonly stopSequence: string | null;
	readonly promptTokens: number;
	/** Of the prompt, taken from the cache. */
	readonly cachedTokens: number;
	readonly completionTokens: number;
	/** Of the completion, spent on thinking. */
	readonly reasoningTokens: number;
	/** Tokens that were guessed ahead: right, and in vain. */
	readonly acceptedDraftTokens: number;
	readonly rejectedDraftTokens: number;
	readonly promptMs: number;
	readonly predictedMs: number;
}

/** Hears what a request produces. */
export interface GenerationListener {
	/** How far the reading of the prompt is; after every step with a part of it. */
	onProgress?(progress: PromptProgress): void;
	/** `logprobs` are those of the tokens that make the text; empty for a request that did not ask. */
	onText(text: string, logprobs: readonly TokenLogprob[]): void;
	onEnd(result: GenerationResult): void;
	/** Instead of an end. */
	onError(code: ErrorCode, message: string): void;
}

/** One request on its way: its tokens so far, its text, its times. */
export class Generation {
	readonly request: GenerationRequest;
	readonly #listener: GenerationListener;
	readonly #vocabulary: Vocabulary;
	readonly #chooser: TokenChooser;
	readonly #thinking: ThinkingWatch | null;
	readonly #text: AnswerText;
	readonly #contextTokens: number;
	#tokens: Int32Array;
	#length: number;
	#generated = 0;
	#cachedTokens = 0;
	#acceptedDraftTokens = 0;
	#rejectedDraftTokens = 0;
	#startedAtMs: number | null = null;
	#firstTokenAtMs: number | null = null;

	constructor(
		request: GenerationRequest,
		listener: GenerationListener,
		model: { vocabulary: Vocabulary; pieceTexts: PieceTexts; contextTokens: number },
	) {
		this.request = request;
		this.#listener = listener;
		this.#vocabulary = model.vocabulary;
		this.#contextTokens = model.contextTokens;
		this.#chooser = new TokenChooser(request.sampling, request.prompt, request.grammar);
		this.#thinking = request.thinking === null ? null : new ThinkingWatch(request.thinking);
		this.#text = new AnswerText(model.vocabulary, model.pieceTexts, request.stops);
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

	/** Tokens that the answer may still have. */
	get tokensLeft(): number {
		return this.request.maxTokens - this.#generated;
	}

	/** Called when a sequence takes the request; the first time decides what counts as cached. */
	start(cachedTokens: number, nowMs: number): void {
		if (this.#startedAtMs === null) {
			this.#startedAtMs = nowMs;
			this.#cachedTokens = cachedTokens;
		}
	}

	/** Tells that the first `tokens` of the prompt are read. */
	showProgress(tokens: number, nowMs: number): void {
		const total = this.request.prompt.length;
		this.#listener.onProgress?.({
			total,
			cache: this.#cachedTokens,
			processed: Math.min(total, tokens),
			time_ms: nowMs - (this.#startedAtMs ?? nowMs),
		});
	}

	/** Chooses the next token by its scores, which stay as they are; true when it was the last one. */
	take(scores: Float32Array, nowMs: number): boolean {
		this.#firstTokenAtMs ??= nowMs;
		const token = this.#thinking?.forcedToken() ?? this.#chooser.choose(scores, (drawn) => this.#isFree(drawn));
		if (token === null) {
			return this.#finish("stop", nowMs);
		}
		this.#generated++;
		this.#chooser.accept(token, this.#isFree(token));
		if (this.#vocabulary.isEndOfGeneration(token)) {
			return this.#finish("stop", nowMs);
		}
		this.#thinking?.push(this.#bytesAsText(token));
		this.#append(token);
		const { logprobs, maxTokens } = this.request;
		const piece = this.#text.push(token, logprobs === null ? null : measureToken(this.#vocabulary, scores, token, logprobs));
		this.#show(piece);
		if (piece.stop !== null) {
			this.#end("stop", piece.stop, nowMs);
			return true;
		}
		if (this.#chooser.isComplete) {
			return this.#finish("stop", nowMs);
		}
		return (this.#generated >= maxTokens || this.#length >= this.#contextTokens) && this.#finish("length", nowMs);
	}

	/** Counts tokens that were guessed ahead. */
	countDraft(accepted: number, rejected: number): void {
		this.#acceptedDraftTokens += accepted;
		this.#rejectedDraftTokens += rejected;
	}

	/** Ends without an answer. */
	fail(code: ErrorCode, message: string): void {
		this.#listener.onError(code, message);
	}

	/** The grammar does not hold inside the thinking part, nor for the token that opens it. */
	#isFree(token: number): boolean {
		return this.#thinking !== null && (this.#thinking.isInside || this.#thinking.opens(this.#bytesAsText(token)));
	}

	/** One character per byte: marks of thinking are plain ASCII, and a token may be a part of a character. */
	#bytesAsText(token: number): string {
		return Buffer.from(this.#vocabulary.piece(token)).toString("latin1");
	}

	#append(token: number): void {
		if (this.#length === this.#tokens.length) {
			const larger = new Int32Array(this.#tokens.length * 2);
			larger.set(this.#tokens);
			this.#tokens = larger;
		}
		this.#tokens[this.#length++] = token;
	}

	#show({ text, logprobs }: AnswerPiece): void {
		if (text !== "" || logprobs.length > 0) {
			this.#listener.onText(text, logprobs);
		}
	}

	#finish(reason: FinishReason, nowMs: number): true {
		const last = this.#text.end();
		this.#show(last);
		this.#end(last.stop === null ? reason : "stop", last.stop, nowMs);
		return true;
	}

	#end(finishReason: FinishReason, stopSequence: string | null, nowMs: number): void {
		const firstTokenAtMs = this.#firstTokenAtMs ?? nowMs;
		this.#listener.onEnd({
			finishReason,
			stopSequence,
			promptTokens: this.request.prompt.length,
			cachedTokens: this.#cachedTokens,
			completionTokens: this.#generated,
			reasoningTokens: this.#thinking?.tokens ?? 0,
			acceptedDraftTokens: this.#acceptedDraftTokens,
			rejectedDraftTokens: this.#rejectedDraftTokens,
			promptMs: firstTokenAtMs - (this.#startedAtMs ?? nowMs),
			predictedMs: nowMs - firstTokenAtMs,
		});
	}
}
