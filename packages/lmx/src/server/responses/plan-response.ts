import type { ChatMessage, ChatRequest, ResponseFormat } from "@opta/contracts/schema/lmx-chat";
import type { ResponseInputTokensRequest, ResponseRequest } from "@opta/contracts/schema/lmx-responses";

type Conversation = Pick<ResponseRequest, keyof ResponseInputTokensRequest>;

function toolsOf({ tools }: Conversation): Pick<ChatRequest, "tools"> {
	if (tools == null || tools.length === 0) {
		return {};
	}
	return {
		tools: tools.map((tool) => {
			if (tool.type === "mcp") {
				return { type: "mcp", server_label: tool.server_label, allowed_tools: tool.allowed_tools };
			}
			const { name, description, parameters, strict } = tool;
			return {
				type: "function",
				function: { name, strict, ...(description == null ? {} : { description }), ...(parameters == null ? {} : { parameters }) },
			};
		}),
	};
}

function toolChoiceOf({ tool_choice: choice }: Conversation): Pick<ChatRequest, "tool_choice"> {
	if (choice == null) {
		return {};
	}
	return { tool_choice: typeof choice === "string" ? choice : { type: "function", function: { name: choice.name } } };
}

function formatOf({ text }: Conversation): { response_format?: ResponseFormat } {
	const format = text?.format;
	if (format === undefined || format.type === "text") {
		return {};
	}
	if (format.type === "json_object") {
		return { response_format: format };
	}
	const { type, ...schema } = format;
	return { response_format: { type, json_schema: schema } };
}

/** Everything of a chat that follows from the conversation: messages, tools, form and thinking. */
export function chatOfConversation(body: Conversation, messages: readonly ChatMessage[]): ChatRequest {
	const { instructions, parallel_tool_calls: parallel, reasoning } = body;
	return {
		messages: instructions == null ? [...messages] : [{ role: "system", content: instructions }, ...messages],
		...toolsOf(body),
		...toolChoiceOf(body),
		...(parallel == null ? {} : { parallel_tool_calls: parallel }),
		...formatOf(body),
		...(reasoning?.effort == null ? {} : { reasoning_effort: reasoning.effort }),
	};
}

/** True when the answer is to carry the probabilities of its tokens. */
export function wantsLogprobs({ include, top_logprobs: top }: ResponseRequest): boolean {
	return include?.includes("message.output_text.logprobs") === true || (top ?? 0) > 0;
}

/** The chat that a request for a response makes; `messages` are those of the whole conversation. */
export function chatOfResponse(body: ResponseRequest, messages: readonly ChatMessage[]): ChatRequest {
	const { temperature, top_p, top_k, min_p, frequency_penalty, presence_penalty, repeat_penalty, logit_bias, seed, stop, grammar } = body;
	return {
		...chatOfConversation(body, messages),
		temperature,
		top_p,
		top_k,
		min_p,
		frequency_penalty,
		presence_penalty,
		repeat_penalty,
		logit_bias,
		seed,
		stop,
		grammar,
		max_completion_tokens: body.max_output_tokens,
		prompt_cache_key: body.prompt_cache_key,
		...(wantsLogprobs(body) ? { logprobs: true, top_logprobs: body.top_logprobs ?? 0 } : {}),
	};
}
