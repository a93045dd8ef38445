import type { ChatDelta, FinishReason, PromptProgress, Timings, TokenLogprob, Usage } from "@opta/contracts/schema/lmx-chat";
import { promptProgressSchema, timingsSchema } from "@opta/contracts/schema/lmx-chat";
import { z } from "zod";

const text = z.string().nullish();

const logprobSchema = z.looseObject({
	token: z.string(),
	logprob: z.number(),
	bytes: z.array(z.int()).nullish(),
});

const logprobsSchema = z.looseObject({
	/** Of a chat. */
	content: z.array(logprobSchema.extend({ top_logprobs: z.array(logprobSchema).nullish() })).nullish(),
	/** Of a completion: lists of one length. */
	tokens: z.array(z.string()).nullish(),
	token_logprobs: z.array(z.number().nullable()).nullish(),
	top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
});

const chunkSchema = z.looseObject({
	choices: z
		.array(
			z.looseObject({
				index: z.int().min(0).default(0),
				/** Of a chat. */
				delta: z
					.looseObject({
						content: text,
						reasoning_content: text,
						/** The same under its newer name. */
						reasoning: text,
						tool_calls: z
							.array(
								z.looseObject({
									index: z.int().min(0).default(0),
									id: text,
									function: z.looseObject({ name: text, arguments: text }).nullish(),
								}),
							)
							.nullish(),
					})
					.nullish(),
				/** Of a completion. */
				text,
				logprobs: logprobsSchema.nullish().catch(null),
				finish_reason: text,
			}),
		)
		.default([]),
	usage: z
		.looseObject({
			prompt_tokens: z.int(),
			completion_tokens: z.int().default(0),
			prompt_tokens_details: z.looseObject({ cached_tokens: z.int().nullish() }).nullish(),
			completion_tokens_details: z.looseObject({ reasoning_tokens: z.int().nullish() }).nullish(),
		})
		.nullish(),
	timings: timingsSchema.nullish().catch(null),
	prompt_progress: promptProgressSchema.nullish().catch(null),
});

/** What one chunk of an answer says of one choice. */
export interface ChunkChoice {
	readonly index: number;
	readonly deltas: readonly ChatDelta[];
	readonly logprobs: readonly TokenLogprob[] | null;
	readonly finishReason: FinishReason | null;
}

/** What one chunk of an answer says. */
export interface AnswerChunk {
	readonly choices: readonly ChunkChoice[];
	readonly usage: Usage | null;
	readonly timings: Timings | null;
	readonly progress: PromptProgress | null;
}

type RawChoice = z.output<typeof chunkSchema>["choices"][number];

function finishOf(reason: string | null | undefined, calledTools: boolean): FinishReason | null {
	if (reason === null || reason === undefined || reason === "") {
		return null;
	}
	if (reason === "length") {
		return "length";
	}
	return calledTools || reason === "tool_calls" || reason === "function_call" ? "tool_calls" : "stop";
}

function bytesOf(token: string): number[] {
	return [...Buffer.from(token)];
}

function logprobsOf(raw: RawChoice["logprobs"]): TokenLogprob[] | null {
	const { tokens, token_logprobs: logprobs, top_logprobs: tops } = raw ?? {};
	if (tokens != null) {
		return tokens.map((token, index) => ({
			token,
			logprob: logprobs?.[index] ?? 0,
			bytes: bytesOf(token),
			top_logprobs: Object.entries(tops?.[index] ?? {}).map(([each, logprob]) => ({ token: each, logprob, bytes: bytesOf(each) })),
		}));
	}
	return (
		raw?.content?.map(({ token, logprob, bytes, top_logprobs }) => ({
			token,
			logprob,
			bytes: bytes ?? bytesOf(token),
			top_logprobs: (top_logprobs ?? []).map((each) => ({
				token: each.token,
				logprob: each.logprob,
				bytes: each.bytes ?? bytesOf(each.token),
			})),
		})) ?? null
	);
}

function deltasOf({ delta, text: completed }: RawChoice): ChatDelta[] {
	const thought = delta?.reasoning_content || delta?.reasoning;
	const content = delta?.content || completed;
	const calls = delta?.tool_calls ?? [];
	return [
		...(thought ? [{ reasoning_content: thought }] : []),
		...(content ? [{ content }] : []),
		...(calls.length === 0
			? []
			: [
					{
						tool_calls: calls.map(({ index, id, function: called }) => ({
							index,
							...(id ? { id, type: "function" as const } : {}),
							function: {
								...(called?.name ? { name: called.name } : {}),
								...(called?.arguments === null || called?.arguments === undefined ? {} : { arguments: called.arguments }),
							},
						})),
					},
				]),
	];
}

function usageOf(raw: NonNullable<z.output<typeof chunkSchema>["usage"]>): Usage {
	const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details: details } = raw;
	return {
		prompt_tokens,
		completion_tokens,
		total_tokens: prompt_tokens + completion_tokens,
		prompt_tokens_details: { cached_tokens: prompt_tokens_details?.cached_tokens ?? 0 },
		...(details === null || details === undefined
			? {}
			: {
					completion_tokens_details: {
						reasoning_tokens: details.reasoning_tokens ?? 0,
						accepted_prediction_tokens: 0,
						rejected_prediction_tokens: 0,
					},
				}),
	};
}

/** Reads the chunks of one streamed answer, of whichever server, in LMX's own shapes. */
export class ChunkReader {
	readonly #calledTools = new Set<number>();

	/** Null for data that is no chunk of an answer. */
	read(data: string): AnswerChunk | null {
		let json: unknown;
		try {
			json = JSON.parse(data);
		} catch (error) {
			if (error instanceof SyntaxError) {
				return null;
			}
			throw error;
		}
		const parsed = chunkSchema.safeParse(json);
		if (!parsed.success) {
			return null;
		}
		const { choices, usage, timings, prompt_progress: progress } = parsed.data;
		return {
			choices: choices.map((choice) => {
				if ((choice.delta?.tool_calls ?? []).length > 0) {
					this.#calledTools.add(choice.index);
				}
				return {
					index: choice.index,
					deltas: deltasOf(choice),
					logprobs: logprobsOf(choice.logprobs),
					finishReason: finishOf(choice.finish_reason, this.#calledTools.has(choice.index)),
				};
			}),
			usage: usage === null || usage === undefined ? null : usageOf(usage),
			timings: timings ?? null,
			progress: progress ?? null,
		};
	}
}
