import type { ChatDelta, FinishReason, McpCall, TokenLogprob, ToolCallDelta, Usage } from "@opta/contracts/schema/lmx-chat";
import type { ModelResponse, ResponseEvent, ResponseOutputItem } from "@opta/contracts/schema/lmx-responses";
import type { AnswerError } from "../../serving/backend.ts";
import { OpenCall, type OpenItem, OpenMcpCall, OpenMessage, OpenReasoning } from "./output-items.ts";

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
	/** By their place in the output; some of the calls of MCP servers may end after later items. */
	readonly #items: (ResponseOutputItem | null)[] = [];
	readonly #mcpCalls = new Map<string, { readonly index: number; readonly item: OpenMcpCall; readonly call: McpCall }>();
	#open: { readonly index: number; readonly item: OpenItem } | null = null;
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
		const { content = "", reasoning_content: reasoning = "", tool_calls: calls = [], mcp_calls: mcpCalls = [] } = delta;
		if (reasoning !== "") {
			this.#reasoning().write(reasoning);
		}
		if (content !== "") {
			this.#message().write(content, logprobs);
		}
		for (const call of calls) {
			this.#addCall(call);
		}
		for (const call of mcpCalls) {
			this.#addMcpCall(call);
		}
	}

	/** The model ended. */
	finish(reason: FinishReason): void {
		this.#isCut = reason === "length";
		if (this.#open === null && this.#items.length === 0) {
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
		for (const { call } of this.#mcpCalls.values()) {
			this.#addMcpCall({ ...call, status: "failed" });
		}
		this.#response = { ...this.#response, status: "failed", error: { code, message } };
		this.#emit({ type: "response.failed", response: this.#response });
	}

	#put(index: number, item: ResponseOutputItem): void {
		this.#items[index] = item;
		this.#response = { ...this.#response, output: this.#items.filter((each) => each !== null) };
	}

	#close(status: "completed" | "incomplete"): void {
		if (this.#open !== null) {
			const { index, item } = this.#open;
			this.#open = null;
			this.#put(index, item.close(status));
		}
	}

	#next<Item extends OpenItem>(create: (index: number) => Item): Item {
		this.#close("completed");
		const index = this.#items.push(null) - 1;
		const item = create(index);
		this.#open = { index, item };
		return item;
	}

	#message(): OpenMessage {
		const open = this.#open?.item;
		return open instanceof OpenMessage ? open : this.#next((index) => new OpenMessage(index, this.#emit));
	}

	#reasoning(): OpenReasoning {
		const open = this.#open?.item;
		return open instanceof OpenReasoning ? open : this.#next((index) => new OpenReasoning(index, this.#emit));
	}

	#addMcpCall(call: McpCall): void {
		const known = this.#mcpCalls.get(call.id);
		if (known === undefined) {
			this.#close("completed");
			const index = this.#items.push(null) - 1;
			this.#mcpCalls.set(call.id, { index, call, item: new OpenMcpCall(index, call, this.#emit) });
		} else if (call.status !== "in_progress") {
			this.#mcpCalls.delete(call.id);
			this.#put(known.index, known.item.close(call));
		}
	}

	#addCall({ index: callIndex, id = "", function: { name = "", arguments: text = "" } }: ToolCallDelta): void {
		const open = this.#open?.item;
		const call =
			open instanceof OpenCall && open.callIndex === callIndex
				? open
				: this.#next((index) => new OpenCall(index, { callIndex, id, name }, this.#emit));
		if (text !== "") {
			call.write(text);
		}
	}
}
