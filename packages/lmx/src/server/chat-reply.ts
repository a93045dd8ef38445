import type { ChatChunk, ChatCompletion, ChatRequest, FinishReason, Timings, Usage } from "@opta/contracts/schema/lmx-chat";
import type { GenerationResult } from "../engine/scheduler/generation.ts";

/** What all parts of one answer have in common. */
export interface AnswerHead {
	readonly id: string;
	/** Seconds since 1970. */
	readonly created: number;
	readonly model: string;
}

function perSecond(count: number, ms: number): number {
	return count > 0 && ms > 0 ? (count * 1000) / ms : 0;
}

/** Token counts in the OpenAI shape. */
export function usageOf(result: GenerationResult): Usage {
	return {
		prompt_tokens: result.promptTokens,
		completion_tokens: result.completionTokens,
		total_tokens: result.promptTokens + result.completionTokens,
		prompt_tokens_details: { cached_tokens: result.cachedTokens },
	};
}

/** The engine's times. The first token belongs to the prompt, so the rate counts the tokens after it. */
export function timingsOf(result: GenerationResult): Timings {
	const promptTokens = result.promptTokens - result.cachedTokens;
	return {
		prompt_n: promptTokens,
		prompt_ms: result.promptMs,
		prompt_per_second: perSecond(promptTokens, result.promptMs),
		predicted_n: result.completionTokens,
		predicted_ms: result.predictedMs,
		predicted_per_second: perSecond(result.completionTokens - 1, result.predictedMs),
	};
}

/** A whole answer. */
export function completionOf(head: AnswerHead, content: string, result: GenerationResult): ChatCompletion {
	return {
		id: head.id,
		object: "chat.completion",
		created: head.created,
		model: head.model,
		choices: [{ index: 0, message: { role: "assistant", content, refusal: null }, logprobs: null, finish_reason: result.finishReason }],
		usage: usageOf(result),
		timings: timingsOf(result),
	};
}

/** The events of a streamed answer as text; chunks of text are the frequent ones and are put together without an object. */
export interface ChunkWriter {
	readonly role: string;
	text(content: string): string;
	end(result: GenerationResult): string;
}

/** Makes the events of one answer. With `include_usage` every chunk names `usage`, and one with the counts comes last. */
export function createChunkWriter(head: AnswerHead, options: ChatRequest["stream_options"]): ChunkWriter {
	const includesUsage = options?.include_usage === true;
	const chunk = (choices: ChatChunk["choices"], extra: Pick<ChatChunk, "usage" | "timings"> = {}): string => {
		const body: ChatChunk = {
			id: head.id,
			object: "chat.completion.chunk",
			created: head.created,
			model: head.model,
			choices,
			...(includesUsage ? { usage: null } : {}),
			...extra,
		};
		return `data: ${JSON.stringify(body)}\n\n`;
	};
	const choice = (delta: ChatChunk["choices"][number]["delta"], finishReason: FinishReason | null): ChatChunk["choices"] => [
		{ index: 0, delta, logprobs: null, finish_reason: finishReason },
	];
	const placeholder = "\u0000";
	const [before = "", after = ""] = chunk(choice({ content: placeholder }, null)).split(JSON.stringify(placeholder));
	return {
		role: chunk(choice({ role: "assistant", content: "" }, null)),
		text: (content) => before + JSON.stringify(content) + after,
		end: (result) =>
			chunk(choice({}, result.finishReason), { timings: timingsOf(result) }) +
			(includesUsage ? chunk([], { usage: usageOf(result) }) : "") +
			"data: [DONE]\n\n",
	};
}
