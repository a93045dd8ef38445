import type { CompletionRequest } from "@opta/contracts/schema/lmx-completions";
import type { AnswerError, CompletionCall, RequestDefaults } from "../../serving/backend.ts";
import { withDefaults } from "../../serving/request-defaults.ts";

/** As the OpenAI reference has it. */
const defaultMaxTokens = 16;

/** The prompts one by one: a list of numbers is one text. */
export function promptsOf(prompt: CompletionRequest["prompt"]): readonly (string | readonly number[])[] {
	if (typeof prompt === "string") {
		return [prompt];
	}
	return typeof prompt[0] === "number" ? [prompt as number[]] : (prompt as string[] | number[][]);
}

/** What is wrong with parameters that are each valid; null when nothing is. */
export function completionConflict(body: CompletionRequest): AnswerError | null {
	if (body.stream_options != null && body.stream !== true) {
		const message = 'The parameter "stream_options" is for streamed answers only. Set "stream" to true, or remove it.';
		return { code: "invalid_request", message, param: "stream_options" };
	}
	if (body.echo === true && body.logprobs != null) {
		const message = 'The probabilities of a prompt are not computed, so "logprobs" does not go with "echo". Remove one of them.';
		return { code: "unsupported_parameter", message, param: "logprobs" };
	}
	if (body.suffix != null && typeof promptsOf(body.prompt)[0] !== "string") {
		const message = 'The parameter "suffix" goes with a prompt of text, not with token ids.';
		return { code: "invalid_request", message, param: "suffix" };
	}
	return null;
}

/** What the model is asked for one of the prompts. */
export function completionCallOf(
	body: CompletionRequest,
	prompt: string | readonly number[],
	{ parameters }: RequestDefaults,
): CompletionCall {
	const { prompt: _prompt, model: _model, best_of: _bestOf, echo: _echo, stream: _stream, stream_options: _options, ...asked } = body;
	const { suffix, logprobs, ...sampling } = asked;
	const { messages: _messages, ...filled } = withDefaults({ ...sampling, messages: [] }, { systemPrompt: null, parameters });
	return { ...filled, max_tokens: filled.max_tokens ?? defaultMaxTokens, prompt, suffix: suffix ?? null, logprobs: logprobs ?? null };
}
