import { z } from "zod";
import type { ModelCall, ModelEvent, ModelSpeed, ModelUsage } from "./model-source.ts";

const count = z.number().nullish();

/** A piece of an answer, as LMX and others in the shape of the OpenAI reference send it; what is not used is not checked. */
export const deltaSchema = z.object({
	content: z.string().nullish(),
	reasoning_content: z.string().nullish(),
	tool_calls: z
		.array(
			z.object({
				index: z.int().nullish(),
				id: z.string().nullish(),
				function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
			}),
		)
		.nullish(),
});

/** Token counts of an answer. */
export const usageSchema = z.object({
	prompt_tokens: count,
	completion_tokens: count,
	prompt_tokens_details: z.object({ cached_tokens: count }).nullish(),
});

/** Times of an answer, as llama-server and LMX name them. */
export const timingsSchema = z.object({ prompt_n: count, prompt_per_second: count, predicted_n: count, predicted_per_second: count });

/** Progress of reading a prompt, as llama-server names it. */
export const promptProgressSchema = z.object({ total: z.number(), cache: z.number(), processed: z.number() });

/** Why an answer ended, in our words. */
export function finishOf(reason: string | null | undefined): "stop" | "length" | "tool_calls" {
	return reason === "length" || reason === "tool_calls" ? reason : "stop";
}

/** Counts in our words; what was not said is 0. */
export function usageOf(usage: z.infer<typeof usageSchema> | null | undefined): ModelUsage {
	return {
		promptTokens: usage?.prompt_tokens ?? 0,
		cachedTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
		completionTokens: usage?.completion_tokens ?? 0,
	};
}

/** Below this many tokens a speed says more of the start than of the work. */
const leastTokens = 16;

/** Speeds in our words; null where nothing, or too little, was measured. */
export function speedOf(timings: z.infer<typeof timingsSchema> | null | undefined): ModelSpeed {
	const speed = (tokens: number | null | undefined, perSecond: number | null | undefined): number | null =>
		perSecond != null && perSecond > 0 && (tokens ?? 0) >= leastTokens ? perSecond : null;
	return {
		promptTokensPerSecond: speed(timings?.prompt_n, timings?.prompt_per_second),
		tokensPerSecond: speed(timings?.predicted_n, timings?.predicted_per_second),
	};
}

/** Puts the pieces of one answer together. */
export interface AnswerReader {
	readonly hadOutput: () => boolean;
	readonly push: (delta: z.infer<typeof deltaSchema>) => readonly ModelEvent[];
	/** Calls that are complete now that the answer is. */
	readonly end: () => readonly ModelEvent[];
}

/** A reader for one answer. Calls are told when the next one begins, or at the end; one without a name is none. */
export function createAnswerReader(): AnswerReader {
	let open: { index: number; id: string; name: string; text: string } | null = null;
	let hadOutput = false;
	let calls = 0;

	function close(): ModelEvent[] {
		if (open === null || open.name === "") {
			open = null;
			return [];
		}
		const call: ModelCall = { id: open.id === "" ? `call_${calls}` : open.id, name: open.name, argumentsText: open.text };
		calls++;
		open = null;
		return [{ type: "call", call }];
	}

	return {
		hadOutput: () => hadOutput,
		push(delta) {
			const events: ModelEvent[] = [];
			if (delta.reasoning_content) {
				events.push({ type: "reasoning", text: delta.reasoning_content });
			}
			if (delta.content) {
				events.push({ type: "text", text: delta.content });
			}
			for (const piece of delta.tool_calls ?? []) {
				const isNew = open === null || (piece.index != null ? piece.index !== open.index : Boolean(piece.id) && piece.id !== open.id);
				if (isNew) {
					events.push(...close());
					open = { index: piece.index ?? calls, id: "", name: "", text: "" };
				}
				if (open !== null) {
					open.id ||= piece.id ?? "";
					open.name ||= piece.function?.name ?? "";
					open.text += piece.function?.arguments ?? "";
				}
			}
			hadOutput ||= events.length > 0 || open !== null;
			return events;
		},
		end: close,
	};
}
