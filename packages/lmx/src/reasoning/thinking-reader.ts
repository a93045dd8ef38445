import type { ChatDelta } from "@opta/contracts/schema/lmx-chat";
import type { ThinkingMarks } from "../engine/prompt/thinking-marks.ts";
import type { AnswerReader } from "../serving/answer-reader.ts";

/** Length of the longest end of a text that `mark` begins with. */
function heldLength(text: string, mark: string): number {
	for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
		if (mark.startsWith(text.slice(-length))) {
			return length;
		}
	}
	return 0;
}

/**
 * Tells the thinking part of an answer from what follows. It can only come first; white space around it belongs to
 * neither. What follows goes to the next reader.
 */
export class ThinkingReader implements AnswerReader {
	readonly #marks: ThinkingMarks;
	readonly #next: AnswerReader;
	#state: "before" | "inside" | "behind" | "done";
	#held = "";
	#hasThought = false;

	constructor(marks: ThinkingMarks, startsInside: boolean, next: AnswerReader) {
		this.#marks = marks;
		this.#next = next;
		this.#state = startsInside ? "inside" : "before";
	}

	get calledTools(): boolean {
		return this.#next.calledTools;
	}

	push(text: string): readonly ChatDelta[] {
		if (this.#state === "done") {
			return this.#next.push(text);
		}
		this.#held += text;
		const deltas: ChatDelta[] = [];
		if (this.#state === "before") {
			this.#readBefore();
		}
		if (this.#state === "inside") {
			deltas.push(...this.#readInside());
		}
		if (this.#state === "behind") {
			this.#held = this.#held.trimStart();
			this.#state = this.#held === "" ? "behind" : "done";
		}
		if (this.#state === "done") {
			const rest = this.#held;
			this.#held = "";
			deltas.push(...this.#next.push(rest));
		}
		return deltas;
	}

	end(): readonly ChatDelta[] {
		const held = this.#held;
		this.#held = "";
		const last = this.#state === "inside" ? this.#thought(held.trimEnd()) : this.#next.push(held);
		return [...last, ...this.#next.end()];
	}

	#readBefore(): void {
		const text = this.#held.trimStart();
		const { open } = this.#marks;
		if (text.startsWith(open)) {
			this.#held = text.slice(open.length);
			this.#state = "inside";
		} else if (!open.startsWith(text)) {
			this.#state = "done";
		}
	}

	#readInside(): readonly ChatDelta[] {
		if (!this.#hasThought) {
			this.#held = this.#held.trimStart();
		}
		const { close } = this.#marks;
		const end = this.#held.indexOf(close);
		if (end !== -1) {
			const thought = this.#held.slice(0, end).trimEnd();
			this.#held = this.#held.slice(end + close.length);
			this.#state = "behind";
			return this.#thought(thought);
		}
		const free = this.#held.slice(0, this.#held.length - heldLength(this.#held, close)).trimEnd();
		this.#held = this.#held.slice(free.length);
		return this.#thought(free);
	}

	#thought(text: string): readonly ChatDelta[] {
		this.#hasThought ||= text !== "";
		return text === "" ? [] : [{ reasoning_content: text }];
	}
}
