import type { ChatContent, ChatMessage, ToolCall } from "@opta/contracts/schema/lmx-chat";
import { RefusalError } from "../refusal.ts";

/** A call of a function as chat templates expect it: the arguments are an object, not a text. */
export interface TemplateCall {
	readonly id: string;
	readonly type: "function";
	readonly function: { readonly name: string; readonly arguments: unknown };
}

/** A message as chat templates expect it (Hugging Face, "Chat templates" and "Tool use"). */
export interface TemplateMessage {
	readonly role: "system" | "user" | "assistant" | "tool";
	readonly content: string;
	readonly reasoning_content?: string;
	readonly tool_calls?: readonly TemplateCall[];
	readonly tool_call_id?: string;
	/** Of a tool's result: the function that was called. */
	readonly name?: string;
}

function textOf(content: ChatContent | null | undefined): string {
	if (typeof content === "string") {
		return content;
	}
	return (content ?? [])
		.map((part) => {
			if (part.type === "image_url") {
				throw new RefusalError(
					"invalid_request",
					"This model has no vision: it cannot read images. Send text only, or choose another model.",
					{
						param: "messages",
					},
				);
			}
			return part.text;
		})
		.join("");
}

/** A model sometimes writes arguments that are not JSON; they are shown to it as it wrote them. */
function argumentsOf(call: ToolCall): unknown {
	try {
		return JSON.parse(call.function.arguments);
	} catch {
		return call.function.arguments;
	}
}

function assistantMessage({ content, reasoning_content, tool_calls }: Extract<ChatMessage, { role: "assistant" }>): TemplateMessage {
	const calls = (tool_calls ?? []).map((call): TemplateCall => {
		return { id: call.id, type: "function", function: { name: call.function.name, arguments: argumentsOf(call) } };
	});
	return {
		role: "assistant",
		content: textOf(content),
		...(reasoning_content ? { reasoning_content } : {}),
		...(calls.length === 0 ? {} : { tool_calls: calls }),
	};
}

/**
 * Turns the messages of a request into those of a template, with the default system prompt in front where the
 * request brings none. Throws RefusalError for images.
 */
export function templateMessages(messages: readonly ChatMessage[], defaultSystemPrompt: string | null): TemplateMessage[] {
	const calledNames = new Map<string, string>();
	const converted: TemplateMessage[] = [];
	for (const message of messages) {
		if (message.role === "assistant") {
			const assistant = assistantMessage(message);
			for (const call of assistant.tool_calls ?? []) {
				calledNames.set(call.id, call.function.name);
			}
			converted.push(assistant);
		} else if (message.role === "tool") {
			const name = calledNames.get(message.tool_call_id);
			const result = { role: "tool", content: textOf(message.content), tool_call_id: message.tool_call_id } as const;
			converted.push(name === undefined ? result : { ...result, name });
		} else {
			converted.push({ role: message.role === "user" ? "user" : "system", content: textOf(message.content) });
		}
	}
	if (defaultSystemPrompt !== null && !converted.some(({ role }) => role === "system")) {
		converted.unshift({ role: "system", content: defaultSystemPrompt });
	}
	return converted;
}
