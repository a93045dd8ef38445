import type { FinishReason, Timings, TokenLogprob, Usage } from "@opta/contracts/schema/lmx-chat";
import type { Completion } from "@opta/contracts/schema/lmx-completions";
import type { CollectedAnswer } from "../answers/collect-answer.ts";
import { legacyLogprobs } from "./legacy-logprobs.ts";

/** What all parts of one answer have in common. */
export type CompletionHead = Pick<Completion, "id" | "object" | "created" | "model">;

type Choice = Completion["choices"][number];

function reasonOf(reason: FinishReason): "stop" | "length" {
	return reason === "length" ? "length" : "stop";
}

/** Token counts of several answers together. */
export function sumUsage(usages: readonly Usage[]): Usage {
	const sum = (count: (usage: Usage) => number): number => usages.reduce((total, usage) => total + count(usage), 0);
	return {
		prompt_tokens: sum((usage) => usage.prompt_tokens),
		completion_tokens: sum((usage) => usage.completion_tokens),
		total_tokens: sum((usage) => usage.total_tokens),
		prompt_tokens_details: { cached_tokens: sum((usage) => usage.prompt_tokens_details.cached_tokens) },
	};
}

/** The times of the only answer; there are none for several, which ran side by side. */
export function onlyTimings(timings: readonly (Timings | null)[]): { timings?: Timings } {
	const [only, ...others] = timings;
	return only == null || others.length > 0 ? {} : { timings: only };
}

/** A whole answer: the choices of each prompt after another. `echoes` are the texts that the choices begin with. */
export function wholeCompletion(
	head: CompletionHead,
	answers: readonly CollectedAnswer[],
	echoes: readonly string[],
	hasLogprobs: boolean,
): Completion {
	const choices = answers.flatMap((answer, prompt) => answer.choices.map((choice) => ({ choice, echo: echoes[prompt] ?? "" })));
	return {
		...head,
		choices: choices.map(({ choice, echo }, index) => ({
			index,
			text: echo + choice.content,
			logprobs: hasLogprobs ? legacyLogprobs(choice.logprobs, echo.length) : null,
			finish_reason: reasonOf(choice.finishReason),
		})),
		usage: sumUsage(answers.map(({ usage }) => usage)),
		...onlyTimings(answers.map(({ timings }) => timings)),
	};
}

/** Makes the events of a streamed answer. With `includesUsage` every event names `usage`, and one with the counts comes last. */
export class CompletionChunks {
	readonly #head: CompletionHead;
	readonly #includesUsage: boolean;
	/** Length of the text so far, by choice. */
	readonly #written = new Map<number, number>();

	constructor(head: CompletionHead, includesUsage: boolean) {
		this.#head = head;
		this.#includesUsage = includesUsage;
	}

	/** Text that was generated, or the prompt that is sent back. */
	text(index: number, text: string, logprobs: readonly TokenLogprob[] | null): Completion {
		const offset = this.#written.get(index) ?? 0;
		this.#written.set(index, offset + text.length);
		return this.#chunk({ index, text, logprobs: logprobs === null ? null : legacyLogprobs(logprobs, offset), finish_reason: null });
	}

	/** The end of one choice. */
	finish(index: number, reason: FinishReason): Completion {
		return this.#chunk({ index, text: "", logprobs: null, finish_reason: reasonOf(reason) });
	}

	/** What comes after all choices: counts, where they were asked for, and times. */
	last(usages: readonly Usage[], timings: readonly (Timings | null)[]): Completion | null {
		return this.#includesUsage ? { ...this.#head, choices: [], usage: sumUsage(usages), ...onlyTimings(timings) } : null;
	}

	#chunk(choice: Choice): Completion {
		return { ...this.#head, choices: [choice], ...(this.#includesUsage ? { usage: null } : {}) };
	}
}
