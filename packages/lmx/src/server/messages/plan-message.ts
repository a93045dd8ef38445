import type { ChatMessage, ChatRequest, ToolCall } from "@opta/contracts/schema/lmx-chat";
import type { MessageBlock, MessageCountRequest, MessageParam, MessageRequest } from "@opta/contracts/schema/lmx-messages";
import type { Answer, AnswerError } from "../../serving/backend.ts";

type Conversation = Pick<MessageRequest, keyof MessageCountRequest>;
type ResultContent = Extract<MessageBlock, { type: "tool_result" }>["content"];

function cannotRead(kind: string): AnswerError {
	const message = `The model has no vision, so it cannot read a block of the type "${kind}". Send its text instead.`;
	return { code: "unsupported_parameter", message, param: "messages" };
}

function misplaced(kind: string, role: string): AnswerError {
	const message = `A block of the type "${kind}" does not belong into a message of the role "${role}".`;
	return { code: "invalid_request", message, param: "messages" };
}

function resultText(content: ResultContent): Answer<string> {
	if (content === undefined || typeof content === "string") {
		return { ok: true, value: content ?? "" };
	}
	const other = content.find((block) => block.type !== "text");
	return other === undefined
		? { ok: true, value: content.map((block) => (block.type === "text" ? block.text : "")).join("\n") }
		: { ok: false, error: cannotRead(other.type) };
}

/** Results of tools and text in the order in which they stand: each result is a message of its own. */
function userMessages(role: "user" | "system", blocks: readonly MessageBlock[]): Answer<ChatMessage[]> {
	const messages: ChatMessage[] = [];
	let texts: string[] = [];
	const endText = (): void => {
		if (texts.length > 0) {
			messages.push({ role, content: texts.join("\n") });
		}
		texts = [];
	};
	for (const block of blocks) {
		if (block.type === "text") {
			texts.push(block.text);
			continue;
		}
		if (block.type === "image" || block.type === "document") {
			return { ok: false, error: cannotRead(block.type) };
		}
		if (block.type !== "tool_result" || role !== "user") {
			return { ok: false, error: misplaced(block.type, role) };
		}
		const text = resultText(block.content);
		if (!text.ok) {
			return text;
		}
		endText();
		messages.push({
			role: "tool",
			tool_call_id: block.tool_use_id,
			content: block.is_error === true ? `Error: ${text.value}` : text.value,
		});
	}
	endText();
	return { ok: true, value: messages };
}

function assistantMessage(blocks: readonly MessageBlock[]): Answer<ChatMessage[]> {
	const texts: string[] = [];
	const thoughts: string[] = [];
	const calls: ToolCall[] = [];
	for (const block of blocks) {
		if (block.type === "text") {
			texts.push(block.text);
		} else if (block.type === "thinking") {
			thoughts.push(block.thinking);
		} else if (block.type === "tool_use") {
			calls.push({ id: block.id, type: "function", function: { name: block.name, arguments: JSON.stringify(block.input) } });
		} else if (block.type !== "redacted_thinking") {
			return { ok: false, error: misplaced(block.type, "assistant") };
		}
	}
	const message: ChatMessage = {
		role: "assistant",
		content: texts.length === 0 ? null : texts.join(""),
		...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join("\n") }),
		...(calls.length === 0 ? {} : { tool_calls: calls }),
	};
	return { ok: true, value: [message] };
}

function messagesOf({ role, content }: MessageParam): Answer<ChatMessage[]> {
	if (typeof content === "string") {
		return { ok: true, value: [{ role, content }] };
	}
	return role === "assistant" ? assistantMessage(content) : userMessages(role, content);
}

function toolsOf({ tools, tool_choice: choice }: Conversation): Pick<ChatRequest, "tools" | "tool_choice" | "parallel_tool_calls"> {
	if (tools === undefined || tools.length === 0) {
		return {};
	}
	const simple = { auto: "auto", any: "required", none: "none" } as const;
	return {
		tools: tools.map(({ name, description, input_schema: parameters, strict }) => ({
			type: "function",
			function: { name, parameters, strict, ...(description === undefined ? {} : { description }) },
		})),
		...(choice === undefined
			? {}
			: { tool_choice: choice.type === "tool" ? { type: "function", function: { name: choice.name } } : simple[choice.type] }),
		...(choice !== undefined && choice.type !== "none" && choice.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
	};
}

function thinkingOf({ thinking, output_config: output }: Conversation): Pick<ChatRequest, "reasoning_effort" | "reasoning_budget_tokens"> {
	if (thinking?.type === "disabled") {
		return { reasoning_effort: "none" };
	}
	return {
		...(output?.effort == null ? {} : { reasoning_effort: output.effort }),
		...(thinking?.type === "enabled" ? { reasoning_budget_tokens: thinking.budget_tokens } : {}),
	};
}

/** Everything of a chat that follows from the conversation: messages, tools, form and thinking. */
export function chatOfConversation(body: Conversation): Answer<ChatRequest> {
	const { system, output_config: output } = body;
	const messages: ChatMessage[] = [];
	if (system !== undefined && system.length > 0) {
		messages.push({ role: "system", content: typeof system === "string" ? system : system.map(({ text }) => text).join("\n") });
	}
	for (const message of body.messages) {
		const read = messagesOf(message);
		if (!read.ok) {
			return read;
		}
		messages.push(...read.value);
	}
	const schema = output?.format?.schema;
	const form =
		schema === undefined
			? {}
			: { response_format: { type: "json_schema", json_schema: { name: "answer", schema, strict: true } } as const };
	return { ok: true, value: { messages, ...toolsOf(body), ...thinkingOf(body), ...form } };
}

/** The chat that a request for a message makes. */
export function chatOfMessage(body: MessageRequest): Answer<ChatRequest> {
	const chat = chatOfConversation(body);
	if (!chat.ok) {
		return chat;
	}
	const { temperature, top_p, top_k, min_p, repeat_penalty, seed, grammar, max_tokens, stop_sequences: stop } = body;
	return { ok: true, value: { ...chat.value, temperature, top_p, top_k, min_p, repeat_penalty, seed, grammar, max_tokens, stop } };
}
