import type { ChatMessage, ToolCall } from "@opta/contracts/schema/lmx-chat";
import type { ResponseInputItem, ResponseRequest } from "@opta/contracts/schema/lmx-responses";
import type { Answer, AnswerError } from "../../serving/backend.ts";

const noVision: AnswerError = {
	code: "unsupported_parameter",
	message: "The model has no vision, so it cannot read images. Remove the input_image parts.",
	param: "input",
};

type Part = Exclude<Extract<ResponseInputItem, { role: unknown }>["content"], string>[number];

function textOf(content: string | readonly Part[]): string | null {
	if (typeof content === "string") {
		return content;
	}
	let text = "";
	for (const part of content) {
		if (part.type === "input_image") {
			return null;
		}
		text += part.type === "refusal" ? part.refusal : part.text;
	}
	return text;
}

/** An assistant's turn while its items are read: thoughts, text and calls of one turn become one message. */
class Turns {
	readonly messages: ChatMessage[] = [];
	#reasoning = "";
	#content: string | null = null;
	#calls: ToolCall[] = [];

	think(text: string): void {
		if (this.#content !== null || this.#calls.length > 0) {
			this.endTurn();
		}
		this.#reasoning += text;
	}

	say(text: string): void {
		if (this.#calls.length > 0) {
			this.endTurn();
		}
		this.#content = (this.#content ?? "") + text;
	}

	call(call: ToolCall): void {
		this.#calls.push(call);
	}

	add(message: ChatMessage): void {
		this.endTurn();
		this.messages.push(message);
	}

	endTurn(): void {
		if (this.#content !== null || this.#calls.length > 0) {
			this.messages.push({
				role: "assistant",
				content: this.#content,
				...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
				...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
			});
		}
		this.#reasoning = "";
		this.#content = null;
		this.#calls = [];
	}
}

/** The input of a response, or its output, as messages of a chat. */
export function messagesOf(input: ResponseRequest["input"]): Answer<ChatMessage[]> {
	if (typeof input === "string") {
		return { ok: true, value: [{ role: "user", content: input }] };
	}
	const turns = new Turns();
	for (const item of input) {
		if (item.type === "function_call") {
			turns.call({ id: item.call_id, type: "function", function: { name: item.name, arguments: item.arguments } });
		} else if (item.type === "mcp_call") {
			turns.call({ id: item.id, type: "function", function: { name: item.name, arguments: item.arguments } });
			turns.add({ role: "tool", tool_call_id: item.id, content: item.output ?? "" });
		} else if (item.type === "reasoning") {
			turns.think((item.content ?? item.summary ?? []).map(({ text }) => text).join("\n"));
		} else {
			const content = textOf(item.type === "function_call_output" ? item.output : item.content);
			if (content === null) {
				return { ok: false, error: noVision };
			}
			if (item.type === "function_call_output") {
				turns.add({ role: "tool", tool_call_id: item.call_id, content });
			} else if (item.role === "assistant") {
				turns.say(content);
			} else {
				turns.add({ role: item.role, content });
			}
		}
	}
	turns.endTurn();
	return { ok: true, value: turns.messages };
}
