import type { PromptProgress, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import { v7 as uuid } from "uuid";
import type { EngineOperation, EngineOperationResults, FromEngine } from "../engine/engine-messages.ts";
import type { GenerationResult } from "../engine/scheduler/generation.ts";
import type { Answer, AnswerError } from "../serving/backend.ts";
import { clientLeft } from "../serving/client-left.ts";
import type { EngineProcess } from "./engine-process.ts";

/** Hears about one request: `onAccepted`, texts, then `onEnd` or, at any time, `onError`. Nothing follows an end or an error. */
export interface EngineListener {
	onAccepted(promptTokens: number, startsInThinking: boolean): void;
	/** Where the request stands that waits for a place: so many before it. `expectedWaitMs` is null while nothing was measured. */
	onQueued?(before: number, expectedWaitMs: number | null): void;
	/** How far the reading of the prompt is, for a request that asked. */
	onProgress?(progress: PromptProgress): void;
	/** `logprobs`: the probabilities of the tokens that make this text, for a request that asked. */
	onText(text: string, logprobs: readonly TokenLogprob[]): void;
	onEnd(result: GenerationResult): void;
	onError(error: AnswerError): void;
}

/** Result of an operation of any kind. */
export type OperationAnswer = Answer<EngineOperationResults[keyof EngineOperationResults]>;

/** What one process of a model has been asked and has not answered yet. */
export class OpenWork {
	readonly #requests = new Map<string, EngineListener>();
	readonly #operations = new Map<string, (answer: OperationAnswer) => void>();

	get size(): number {
		return this.#requests.size + this.#operations.size;
	}

	/** Operations alone. */
	get operations(): number {
		return this.#operations.size;
	}

	addRequest(id: string, listener: EngineListener): void {
		this.#requests.set(id, listener);
	}

	/** Asks the process for work with one result; an abort gives it up, in the process too. */
	operate(process: Pick<EngineProcess, "send">, operation: EngineOperation, signal?: AbortSignal): Promise<OperationAnswer> {
		if (signal?.aborted === true) {
			return Promise.resolve({ ok: false, error: clientLeft });
		}
		const id = uuid();
		return new Promise((resolve) => {
			const leave = (): void => {
				this.#settle(id, { ok: false, error: clientLeft });
				process.send({ type: "cancel", id });
			};
			signal?.addEventListener("abort", leave, { once: true });
			this.#operations.set(id, (answer) => {
				signal?.removeEventListener("abort", leave);
				resolve(answer);
			});
			process.send({ type: "operate", id, operation });
		});
	}

	/** Nothing more is heard of the request; false when it had ended already. */
	drop(id: string): boolean {
		return this.#requests.delete(id);
	}

	/** Hands a message of the process to whom it concerns. */
	onMessage(message: FromEngine): void {
		switch (message.type) {
			case "accepted":
				this.#requests.get(message.id)?.onAccepted(message.promptTokens, message.startsInThinking);
				break;
			case "refused": {
				const { type: _, id, ...error } = message;
				this.#take(id)?.onError(error);
				this.#settle(id, { ok: false, error });
				break;
			}
			case "queued":
				for (const { id, before, expectedWaitMs } of message.places) {
					this.#requests.get(id)?.onQueued?.(before, expectedWaitMs);
				}
				break;
			case "operated":
				this.#settle(message.id, { ok: true, value: message.result });
				break;
			case "output":
				for (const [id, progress] of message.progress) {
					this.#requests.get(id)?.onProgress?.(progress);
				}
				for (const [id, text, logprobs] of message.texts) {
					this.#requests.get(id)?.onText(text, logprobs ?? []);
				}
				for (const [id, result] of message.ends) {
					this.#take(id)?.onEnd(result);
				}
				break;
		}
	}

	/** Ends everything that is open with an error. */
	fail(error: AnswerError): void {
		const open = [...this.#requests.values()];
		this.#requests.clear();
		for (const listener of open) {
			listener.onError(error);
		}
		for (const id of [...this.#operations.keys()]) {
			this.#settle(id, { ok: false, error });
		}
	}

	#take(id: string): EngineListener | undefined {
		const listener = this.#requests.get(id);
		this.#requests.delete(id);
		return listener;
	}

	#settle(id: string, answer: OperationAnswer): void {
		this.#operations.get(id)?.(answer);
		this.#operations.delete(id);
	}
}
