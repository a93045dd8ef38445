import type { ChatDelta, ChatRequest, FinishReason, TokenLogprob, Usage } from "@opta/contracts/schema/lmx-chat";
import type {
	Answer,
	AnswerError,
	AnswerListener,
	BackendFacts,
	Call,
	CompletionCall,
	InferenceBackend,
	ModelLease,
	ModelProvider,
	ModelWish,
	RequestDefaults,
	RunningAnswer,
} from "../serving/backend.ts";

/** What a fake answer does next. `hold` waits for `FakeBackend.resume`. */
export type FakeStep =
	| { readonly delta: ChatDelta; readonly choice?: number; readonly logprobs?: readonly TokenLogprob[] }
	| { readonly finish: FinishReason; readonly choice?: number; readonly stopSequence?: string }
	| { readonly error: AnswerError }
	| "hold";

/** Counts that every fake answer ends with. */
export const fakeUsage: Usage = {
	prompt_tokens: 10,
	completion_tokens: 5,
	total_tokens: 15,
	prompt_tokens_details: { cached_tokens: 4 },
	completion_tokens_details: { reasoning_tokens: 2, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
};

const facts: BackendFacts = {
	contextTokens: 512,
	trainedForTools: true,
	thinks: true,
	generates: true,
	embeds: true,
	reranks: true,
	hasVision: false,
};

/** The steps of an answer that says these texts. */
export function saying(...texts: readonly string[]): FakeStep[] {
	return [...texts.map((content) => ({ delta: { content } })), { finish: "stop" }];
}

/** A model that answers what the test wrote down: one step in each turn of the event loop. Its tokens are UTF-16 units. */
export class FakeBackend implements InferenceBackend {
	facts: BackendFacts = facts;
	/** Steps of the coming answers, for each request. */
	script: (request: ChatRequest | CompletionCall) => readonly FakeStep[] = () => saying("Hello", " world");
	/** Refuses requests before they are accepted. */
	refusal: AnswerError | null = null;
	readonly chats: { readonly request: ChatRequest; readonly call: Call }[] = [];
	readonly completions: { readonly request: CompletionCall; readonly call: Call }[] = [];
	cancelled = 0;
	running = 0;
	readonly #held = new Set<() => void>();

	/** Lets all held answers go on. */
	resume(): void {
		const held = [...this.#held];
		this.#held.clear();
		for (const go of held) {
			go();
		}
	}

	chat(request: ChatRequest, call: Call, listener: AnswerListener): RunningAnswer {
		this.chats.push({ request, call });
		return this.#play(this.script(request), listener);
	}

	complete(request: CompletionCall, call: Call, listener: AnswerListener): RunningAnswer {
		this.completions.push({ request, call });
		return this.#play(this.script(request), listener);
	}

	async tokenize(text: string, { begin }: { begin: boolean }): ReturnType<InferenceBackend["tokenize"]> {
		const pieces = [...(begin ? ["<s>"] : []), ...text];
		return { ok: true, value: { tokens: pieces.map((piece) => (piece === "<s>" ? 1 : piece.charCodeAt(0))), pieces } };
	}

	async detokenize(tokens: readonly number[]): ReturnType<InferenceBackend["detokenize"]> {
		return { ok: true, value: { text: String.fromCharCode(...tokens) } };
	}

	async renderPrompt(
		...[messages, tools, variables]: Parameters<InferenceBackend["renderPrompt"]>
	): ReturnType<InferenceBackend["renderPrompt"]> {
		const text = JSON.stringify({ messages, tools, variables });
		return { ok: true, value: { text, tokens: text.length } };
	}

	async embed(inputs: readonly (string | readonly number[])[], _signal: AbortSignal): ReturnType<InferenceBackend["embed"]> {
		const vectors = inputs.map((input) => [3, 4, input.length, 0]);
		return { ok: true, value: { vectors, promptTokens: inputs.length } };
	}

	async rerank(query: string, documents: readonly string[]): ReturnType<InferenceBackend["rerank"]> {
		const scores = documents.map((document) => (document.includes(query) ? 2 : -1) + document.length / 100);
		return { ok: true, value: { scores, promptTokens: documents.length } };
	}

	#play(steps: readonly FakeStep[], listener: AnswerListener): RunningAnswer {
		let isOver = false;
		const end = (): void => {
			isOver = true;
			this.running--;
		};
		const play = (index: number): void => {
			if (isOver) {
				return;
			}
			const step = steps[index];
			if (step === "hold") {
				this.#held.add(() => play(index + 1));
				return;
			}
			if (step === undefined) {
				end();
				listener.onEnd(fakeUsage, null);
				return;
			}
			if ("error" in step) {
				end();
				listener.onError(step.error);
				return;
			}
			if ("delta" in step) {
				listener.onDelta(step.choice ?? 0, step.delta, step.logprobs ?? null);
			} else {
				listener.onFinish(step.choice ?? 0, step.finish, step.stopSequence ?? null);
			}
			setImmediate(play, index + 1);
		};
		this.running++;
		setImmediate(() => {
			if (isOver) {
				return;
			}
			if (this.refusal !== null) {
				end();
				listener.onError(this.refusal);
				return;
			}
			listener.onAccepted(fakeUsage.prompt_tokens);
			play(0);
		});
		return {
			cancel: () => {
				if (!isOver) {
					end();
					this.cancelled++;
				}
			},
		};
	}
}

/** Hands out one fake model by the name `fake`, and counts who holds it. */
export class FakeProvider implements ModelProvider {
	readonly backend: FakeBackend;
	readonly wishes: ModelWish[] = [];
	defaults: RequestDefaults = { systemPrompt: null, parameters: {} };
	held = 0;

	constructor(backend = new FakeBackend()) {
		this.backend = backend;
	}

	async acquire(wish: ModelWish): Promise<Answer<ModelLease>> {
		this.wishes.push(wish);
		if (wish.model !== undefined && wish.model !== "auto" && wish.model !== "fake") {
			return { ok: false, error: { code: "model_not_found", message: `There is no model "${wish.model}".`, param: "model" } };
		}
		this.held++;
		let isHeld = true;
		const release = (): void => {
			this.held -= isHeld ? 1 : 0;
			isHeld = false;
		};
		return { ok: true, value: { modelId: "fake", backend: this.backend, defaults: this.defaults, release } };
	}
}
