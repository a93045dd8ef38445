import type { ChatDelta, FinishReason, ToolCallDelta, Usage } from "@opta/contracts/schema/lmx-chat";
import type { MessageContent, MessageEvent, ModelMessage } from "@opta/contracts/schema/lmx-messages";
import { v7 as uuid } from "uuid";

/** The block that is being generated. */
interface OpenBlock {
	readonly type: MessageContent["type"];
	/** Which of the answer's calls this is. */
	readonly call: number;
	content: MessageContent;
	/** Arguments of a call as far as they came. */
	json: string;
}

/** The arguments of a call; a call that was cut off has none. */
function inputOf(json: string): Record<string, unknown> {
	try {
		const value: unknown = JSON.parse(json === "" ? "{}" : json);
		return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

/** A new message before anything is generated. */
export function newMessage(model: string, promptTokens: number): ModelMessage {
	return {
		id: `msg_${uuid().replaceAll("-", "")}`,
		type: "message",
		role: "assistant",
		model,
		content: [],
		stop_reason: null,
		stop_sequence: null,
		usage: { input_tokens: promptTokens, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 0 },
	};
}

/** Builds a message out of the deltas of a chat, and emits the events of the Anthropic reference in their order on the way. */
export class MessageBuilder {
	readonly #emit: (event: MessageEvent) => void;
	#message: ModelMessage;
	#open: OpenBlock | null = null;

	constructor(message: ModelMessage, emit: (event: MessageEvent) => void) {
		this.#message = message;
		this.#emit = emit;
		emit({ type: "message_start", message });
		emit({ type: "ping" });
	}

	/** The message as it is now. */
	get message(): ModelMessage {
		return this.#message;
	}

	/** Adds what was generated. */
	add({ content = "", reasoning_content: reasoning = "", tool_calls: calls = [] }: ChatDelta): void {
		if (reasoning !== "") {
			const block = this.#block("thinking", { type: "thinking", thinking: "", signature: "" });
			if (block.content.type === "thinking") {
				block.content = { ...block.content, thinking: block.content.thinking + reasoning };
			}
			this.#emit({ type: "content_block_delta", index: this.#index, delta: { type: "thinking_delta", thinking: reasoning } });
		}
		if (content !== "") {
			const block = this.#block("text", { type: "text", text: "", citations: null });
			if (block.content.type === "text") {
				block.content = { ...block.content, text: block.content.text + content };
			}
			this.#emit({ type: "content_block_delta", index: this.#index, delta: { type: "text_delta", text: content } });
		}
		for (const call of calls) {
			this.#addCall(call);
		}
	}

	/** The model ended; `stopSequence` is the one that ended it. */
	finish(reason: FinishReason, stopSequence: string | null): void {
		this.#close();
		const ofStop = stopSequence === null ? "end_turn" : "stop_sequence";
		const reasons = { stop: ofStop, length: "max_tokens", tool_calls: "tool_use" } as const;
		this.#message = { ...this.#message, stop_reason: reasons[reason], stop_sequence: stopSequence };
	}

	/** Nothing more follows. */
	end(usage: Usage): void {
		const cached = usage.prompt_tokens_details.cached_tokens;
		this.#message = {
			...this.#message,
			usage: {
				input_tokens: usage.prompt_tokens - cached,
				cache_creation_input_tokens: 0,
				cache_read_input_tokens: cached,
				output_tokens: usage.completion_tokens,
			},
		};
		const { stop_reason: reason, stop_sequence: sequence } = this.#message;
		const delta = { stop_reason: reason ?? ("end_turn" as const), stop_sequence: sequence };
		this.#emit({ type: "message_delta", delta, usage: this.#message.usage });
		this.#emit({ type: "message_stop" });
	}

	get #index(): number {
		return this.#message.content.length;
	}

	#close(): void {
		if (this.#open === null) {
			return;
		}
		const { content, json } = this.#open;
		if (content.type === "thinking") {
			this.#emit({ type: "content_block_delta", index: this.#index, delta: { type: "signature_delta", signature: content.signature } });
		}
		this.#emit({ type: "content_block_stop", index: this.#index });
		const whole = content.type === "tool_use" ? { ...content, input: inputOf(json) } : content;
		this.#message = { ...this.#message, content: [...this.#message.content, whole] };
		this.#open = null;
	}

	#block(type: MessageContent["type"], content: MessageContent, call = -1): OpenBlock {
		if (this.#open?.type === type && this.#open.call === call) {
			return this.#open;
		}
		this.#close();
		const block: OpenBlock = { type, call, content, json: "" };
		this.#open = block;
		this.#emit({ type: "content_block_start", index: this.#index, content_block: content });
		return block;
	}

	#addCall({ index, id = "", function: { name = "", arguments: text = "" } }: ToolCallDelta): void {
		const block = this.#block("tool_use", { type: "tool_use", id, name, input: {} }, index);
		if (text !== "") {
			block.json += text;
			this.#emit({ type: "content_block_delta", index: this.#index, delta: { type: "input_json_delta", partial_json: text } });
		}
	}
}
