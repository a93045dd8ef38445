import type { ChatMessage, ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { ModelMessage, ModelRequest } from "./model-source.ts";

function messageOf(message: ModelMessage): ChatMessage {
	switch (message.role) {
		case "assistant":
			return {
				role: "assistant",
				content: message.content,
				...(message.calls.length === 0
					? {}
					: {
							tool_calls: message.calls.map(({ id, name, argumentsText }) => ({
								id,
								type: "function" as const,
								function: { name, arguments: argumentsText },
							})),
						}),
			};
		case "tool":
			return { role: "tool", tool_call_id: message.callId, content: message.content };
		default:
			return { role: message.role, content: message.content };
	}
}

/** The body that asks LMX, or another server in the shape of the OpenAI reference. Equal requests give equal bytes. */
export function chatRequestOf({ model, messages, tools, temperature, maxTokens }: ModelRequest): ChatRequest {
	return {
		model,
		messages: messages.map(messageOf),
		return_progress: true,
		...(tools.length === 0
			? {}
			: {
					tools: tools.map(({ name, description, parameters }) => ({
						type: "function" as const,
						function: { name, description, parameters },
					})),
				}),
		...(temperature === undefined ? {} : { temperature }),
		...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
	};
}
