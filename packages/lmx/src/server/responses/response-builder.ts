import type { ChatDelta, ChatMessage, FinishReason, TokenLogprob, ToolCall, ToolCallDelta, Usage } from "@opta/contracts/schema/lmx-chat";
import type { ModelResponse, ResponseEvent, ResponseOutputItem } from "@opta/contracts/schema/lmx-responses";
import type { AnswerError } from "../../serving/backend.ts";
import { OpenCall, type OpenItem, OpenMessage, OpenReasoning } from "./output-items.ts";

function usageOf(usage: Usage): NonNullable<ModelResponse["usage"]> {
	return {
		input_tokens: usage.prompt_tokens,
		input_tokens_details: { cached_tokens: usage.prompt_tokens_details.cached_tokens },
		output_tokens: usage.completion_tokens,
		output_tokens_details: { reasoning_tokens: usage.completion_tokens_details?.reasoning_tokens ?? 0 },
		total_tokens: usage.total_tokens,
	};
}

/** Builds a response out of the deltas of a chat, and emits the events of the OpenAI reference in their order on the way. */
export class ResponseBuilder {
	readonly #emit: (event: ResponseEvent) => void;
	#response: ModelResponse;
	#open: OpenItem | null = null;
	#isCut = false;

	constructor(response: ModelResponse, emit: (event: ResponseEvent) => void) {
		this.#response = response;
		this.#emit = emit;
	}

	/** The response as it is now. */
	get response(): ModelResponse {
		return this.#response;
	}

	/** The model took the request. */
	begin(): void {
		this.#emit({ type: "response.created", response: this.#response });
		this.#emit({ type: "response.in_progress", response: this.#response });
	}

	/** Adds what was generated. */
	add(delta: ChatDelta, logprobs: readonly TokenLogprob[] | null): void {
		const { content = "", reasoning_content: reasoning = "", tool_calls: calls = [] } = delta;
		if (reasoning !== "") {
			this.#reasoning().write(reasoning);
		}
		if (content !== "") {
			this.#message().write(content, logprobs);
		}
		for (const call of calls) {
			this.#addCall(call);
		}
	}

	/** The model ended. */
	finish(reason: FinishReason): void {
		this.#isCut = reason === "length";
		if (this.#open === null && this.#response.output.length === 0) {
			this.#message();
		}
		this.#close(this.#isCut ? "incomplete" : "completed");
	}

	/** Nothing more follows. */
	end(usage: Usage): void {
		this.#response = {
			...this.#response,
			status: this.#isCut ? "incomplete" : "completed",
			completed_at: this.#isCut ? null : Math.floor(Date.now() / 1000),
			incomplete_details: this.#isCut ? { reason: "max_output_tokens" } : null,
			usage: usageOf(usage),
		};
		this.#emit({ type: this.#isCut ? "response.incomplete" : "response.completed", response: this.#response });
	}

	/** Nothing more follows, because of an error. */
	fail({ code, message }: AnswerError): void {
		this.#close("incomplete");
		this.#response = { ...this.#response, status: "failed", error: { code, message } };
		this.#emit({ type: "response.failed", response: this.#response });
	}

	#close(status: "completed" | "incomplete"): void {
		if (this.#open !== null) {
			const item = this.#open.close(status);
			this.#open = null;
			this.#response = { ...this.#response, output: [...this.#response.output, item] };
		}
	}

	#next<Item extends OpenItem>(create: (index: number) => Item): Item {
		this.#close("completed");
		const item = create(this.#response.output.length);
		this.#open = item;
		return item;
	}

	#message(): OpenMessage {
		return this.#open instanceof OpenMessage ? this.#open : this.#next((index) => new OpenMessage(index, this.#emit));
	}

	#reasoning(): OpenReasoning {
		return this.#open instanceof OpenReasoning ? this.#open : this.#next((index) => new OpenReasoning(index, this.#emit));
	}

	#addCall({ index: callIndex, id = "", function: { name = "", arguments: text = "" } }: ToolCallDelta): void {
		const call =
			this.#open instanceof OpenCall && this.#open.callIndex === callIndex
				? this.#open
				: this.#next((index) => new OpenCall(index, { callIndex, id, name }, this.#emit));
		if (text !== "") {
			call.write(text);
		}
	}
}

/** The output as a message of the conversation. */
export function messageOfOutput(output: readonly ResponseOutputItem[]): ChatMessage {
	const texts = output.flatMap((item) => (item.type === "message" ? item.content.map(({ text }) => text) : []));
	const thoughts = output.flatMap((item) => (item.type === "reasoning" ? item.content.map(({ text }) => text) : []));
	const calls = output.flatMap((item): ToolCall[] =>
		item.type === "function_call" ? [{ id: item.call_id, type: "function", function: { name: item.name, arguments: item.arguments } }] : [],
	);
	return {
		role: "assistant",
		content: texts.length === 0 ? null : texts.join(""),
		...(thoughts.length === 0 ? {} : { reasoning_content: thoughts.join("\n") }),
		...(calls.length === 0 ? {} : { tool_calls: calls }),
	};
}
