import type { ThinkingMarks } from "../prompt/thinking-marks.ts";

/** How the thinking of an answer is watched. */
export interface ThinkingSettings {
	readonly marks: ThinkingMarks;
	/** The prompt opened the thinking part. */
	readonly startsInside: boolean;
	/** Most tokens of the thinking part; null: no limit. */
	readonly budgetTokens: number | null;
	/** Tokens that close it. */
	readonly closing: Int32Array;
}

/** Follows an answer into its thinking part and out of it, and counts what was thought. */
export class ThinkingWatch {
	readonly #settings: ThinkingSettings;
	#isInside: boolean;
	/** Thinking comes first: where the answer proper has begun, a mark is only text. */
	#canOpen: boolean;
	#tail = "";
	#tokens = 0;
	#forced = 0;

	constructor(settings: ThinkingSettings) {
		this.#settings = settings;
		this.#isInside = settings.startsInside;
		this.#canOpen = !settings.startsInside;
	}

	/** The next token belongs to the thinking part. */
	get isInside(): boolean {
		return this.#isInside;
	}

	/** Tokens of the thinking part, with the mark that closes it. */
	get tokens(): number {
		return this.#tokens;
	}

	/** True when this text alone would open the thinking part. */
	opens(text: string): boolean {
		return this.#canOpen && this.#tail === "" && text.trimStart().startsWith(this.#settings.marks.open);
	}

	/** The token that must come now because the budget is spent; null when the model is free. */
	forcedToken(): number | null {
		const { budgetTokens, closing } = this.#settings;
		const isSpent = this.#isInside && budgetTokens !== null && this.#tokens - this.#forced >= budgetTokens;
		return isSpent ? (closing[this.#forced] ?? null) : null;
	}

	/** Takes the next token's text. */
	push(text: string): void {
		const { open, close } = this.#settings.marks;
		const forced = this.forcedToken() !== null;
		if (this.#isInside) {
			this.#tokens++;
			this.#forced += forced ? 1 : 0;
			this.#tail = (this.#tail + text).slice(-(close.length + text.length));
			if (this.#tail.includes(close)) {
				this.#isInside = false;
				this.#tail = "";
			}
		} else if (this.#canOpen) {
			this.#tail = (this.#tail + text).trimStart();
			this.#canOpen = open.startsWith(this.#tail);
			if (this.#tail.startsWith(open)) {
				this.#isInside = true;
				this.#tail = this.#tail.slice(open.length);
			}
		}
	}
}
