import type { PromptProgress, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { GenerationResult } from "./scheduler/generation.ts";

/** What is sent to the parent at once. */
export interface OutboxContent {
	readonly texts: readonly (readonly [id: string, text: string, logprobs?: readonly TokenLogprob[]])[];
	readonly ends: readonly (readonly [id: string, result: GenerationResult])[];
	/** The newest of each prompt that is read. */
	readonly progress: readonly (readonly [id: string, progress: PromptProgress])[];
}

/** Nothing but a sign of life. */
export const nothingToSay: OutboxContent = { texts: [], ends: [], progress: [] };

/**
 * Text within this time travels together: 40 updates a second look fluent, while one message per token would
 * make every process on the way to the screen compete with the model for the processor.
 */
const intervalMs = 25;

/** Something is sent at least this often while there is work, so that the parent sees progress. */
const heartbeatMs = 1000;

/** Collects what requests produce, and says when it is time to send it. */
export class Outbox {
	readonly #texts = new Map<string, { text: string; logprobs: TokenLogprob[] }>();
	readonly #progress = new Map<string, PromptProgress>();
	readonly #started = new Set<string>();
	#ends: [string, GenerationResult][] = [];
	#isUrgent = false;
	#sentAtMs = 0;

	/** Adds text; the first one of a request is sent without delay. */
	addText(id: string, text: string, logprobs: readonly TokenLogprob[]): void {
		const entry = this.#texts.get(id) ?? { text: "", logprobs: [] };
		entry.text += text;
		entry.logprobs.push(...logprobs);
		this.#texts.set(id, entry);
		if (!this.#started.has(id)) {
			this.#started.add(id);
			this.#isUrgent = true;
		}
	}

	/** Takes how far a prompt is read. */
	setProgress(id: string, progress: PromptProgress): void {
		this.#progress.set(id, progress);
	}

	/** Adds the end of a request. */
	addEnd(id: string, result: GenerationResult): void {
		this.#ends.push([id, result]);
		this.#started.delete(id);
		this.#isUrgent = true;
	}

	/** Forgets a cancelled request. */
	drop(id: string): void {
		this.#texts.delete(id);
		this.#progress.delete(id);
		this.#started.delete(id);
	}

	/** What is to be sent now, null when it can wait. */
	take(nowMs: number): OutboxContent | null {
		const waitedMs = nowMs - this.#sentAtMs;
		if (!this.#isUrgent && waitedMs < (this.#texts.size + this.#progress.size > 0 ? intervalMs : heartbeatMs)) {
			return null;
		}
		const texts = Array.from(this.#texts, ([id, { text, logprobs }]) =>
			logprobs.length === 0 ? ([id, text] as const) : ([id, text, logprobs] as const),
		);
		const content = { texts, ends: this.#ends, progress: [...this.#progress] };
		this.#texts.clear();
		this.#progress.clear();
		this.#ends = [];
		this.#isUrgent = false;
		this.#sentAtMs = nowMs;
		return content;
	}
}
