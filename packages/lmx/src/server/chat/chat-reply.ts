import type {
	ChatChunk,
	ChatCompletion,
	ChatDelta,
	ChatRequest,
	FinishReason,
	PromptProgress,
	Timings,
	TokenLogprob,
	Usage,
} from "@opta/contracts/schema/lmx-chat";
import { v7 as uuid } from "uuid";
import type { CollectedAnswer, CollectedChoice } from "../answers/collect-answer.ts";

/** What all parts of one answer have in common. */
export interface AnswerHead {
	readonly id: string;
	/** Seconds since 1970. */
	readonly created: number;
	readonly model: string;
}

/** Begins an answer of a model. */
export function createHead(model: string): AnswerHead {
	return { id: `chatcmpl-${uuid().replaceAll("-", "")}`, created: Math.floor(Date.now() / 1000), model };
}

function logprobsOf(content: readonly TokenLogprob[] | null): ChatCompletion["choices"][number]["logprobs"] {
	return content === null ? null : { content: [...content], refusal: null };
}

/** A whole message. Content is null where the model called tools and said nothing. */
export function messageOf({ content, reasoning, toolCalls, mcpCalls }: CollectedChoice): ChatCompletion["choices"][number]["message"] {
	return {
		role: "assistant",
		content: content === "" && toolCalls.length > 0 ? null : content,
		...(reasoning === "" ? {} : { reasoning_content: reasoning }),
		refusal: null,
		...(toolCalls.length === 0 ? {} : { tool_calls: toolCalls }),
		...(mcpCalls.size === 0 ? {} : { mcp_calls: [...mcpCalls.values()] }),
	};
}

/** A whole answer. */
export function completionOf(head: AnswerHead, { choices, usage, timings }: CollectedAnswer, hasLogprobs: boolean): ChatCompletion {
	return {
		id: head.id,
		object: "chat.completion",
		created: head.created,
		model: head.model,
		choices: choices.map((choice, index) => ({
			index,
			message: messageOf(choice),
			logprobs: logprobsOf(hasLogprobs ? choice.logprobs : null),
			finish_reason: choice.finishReason,
		})),
		usage,
		...(timings === null ? {} : { timings }),
	};
}

/** The events of a streamed answer as text; pieces of content are the frequent ones and are put together without an object. */
export interface ChunkWriter {
	/** Begins a choice. */
	role(choice: number): string;
	/** How far the reading of the prompt is. */
	progress(progress: PromptProgress): string;
	delta(choice: number, delta: ChatDelta, logprobs: readonly TokenLogprob[] | null): string;
	/** Ends a choice. Nothing for the last one: it is written with `end`, because it carries the times. */
	finish(choice: number, reason: FinishReason): string;
	end(usage: Usage, timings: Timings | null): string;
}

const emptyContent = '"content":""';

/** Makes the events of one answer. With `include_usage` every chunk names `usage`, and one with the counts comes last. */
export function createChunkWriter(head: AnswerHead, choices: number, options: ChatRequest["stream_options"]): ChunkWriter {
	const includesUsage = options?.include_usage === true;
	const chunk = (chunkChoices: ChatChunk["choices"], extra: Pick<ChatChunk, "usage" | "timings" | "prompt_progress"> = {}): string => {
		const body: ChatChunk = {
			id: head.id,
			object: "chat.completion.chunk",
			created: head.created,
			model: head.model,
			choices: chunkChoices,
			...(includesUsage ? { usage: null } : {}),
			...extra,
		};
		return `data: ${JSON.stringify(body)}\n\n`;
	};
	const choice = (
		index: number,
		delta: ChatDelta,
		logprobs: readonly TokenLogprob[] | null,
		reason: FinishReason | null,
	): ChatChunk["choices"] => [{ index, delta, logprobs: logprobsOf(logprobs), finish_reason: reason }];
	const frames = Array.from({ length: choices }, (_, index) => {
		const frame = chunk(choice(index, { content: "" }, null, null));
		const place = frame.lastIndexOf(emptyContent) + emptyContent.length - 1;
		return { before: frame.slice(0, place - 1), after: frame.slice(place + 1) };
	});
	let open = choices;
	let lastFinish: ChatChunk["choices"] = [];
	return {
		role: (index) => chunk(choice(index, { role: "assistant", content: "" }, null, null)),
		progress: (progress) => chunk([], { prompt_progress: progress }),
		delta(index, delta, logprobs) {
			const frame = frames[index];
			const isContentOnly = delta.content !== undefined && delta.tool_calls === undefined && delta.reasoning_content === undefined;
			return frame !== undefined && logprobs === null && isContentOnly
				? frame.before + JSON.stringify(delta.content) + frame.after
				: chunk(choice(index, delta, logprobs, null));
		},
		finish(index, reason) {
			open--;
			lastFinish = choice(index, {}, null, reason);
			return open === 0 ? "" : chunk(lastFinish);
		},
		end: (usage, timings) =>
			`${chunk(lastFinish, timings === null ? {} : { timings })}${includesUsage ? chunk([], { usage }) : ""}data: [DONE]\n\n`,
	};
}
