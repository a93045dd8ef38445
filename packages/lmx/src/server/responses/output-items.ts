import type { McpCall, TokenLogprob } from "@opta/contracts/schema/lmx-chat";
import type { ResponseEvent, ResponseOutputItem } from "@opta/contracts/schema/lmx-responses";
import { newId } from "./new-response.ts";

type Emit = (event: ResponseEvent) => void;
type Status = "completed" | "incomplete";

/** An item of the output that is being generated. It begins with its `added` event. */
export interface OpenItem {
	/** Ends the item with its `done` events. */
	close(status: Status): ResponseOutputItem;
}

/** The model's text. */
export class OpenMessage implements OpenItem {
	readonly #id = newId("msg");
	readonly #index: number;
	readonly #emit: Emit;
	readonly #logprobs: TokenLogprob[] = [];
	#text = "";

	constructor(index: number, emit: Emit) {
		this.#index = index;
		this.#emit = emit;
		const item: ResponseOutputItem = { type: "message", id: this.#id, status: "in_progress", role: "assistant", content: [] };
		emit({ type: "response.output_item.added", output_index: index, item });
		emit({ type: "response.content_part.added", ...this.#place(), part: this.#part() });
	}

	write(delta: string, logprobs: readonly TokenLogprob[] | null): void {
		this.#text += delta;
		this.#logprobs.push(...(logprobs ?? []));
		this.#emit({ type: "response.output_text.delta", ...this.#place(), delta, logprobs: [...(logprobs ?? [])] });
	}

	close(status: Status): ResponseOutputItem {
		const part = this.#part();
		const item: ResponseOutputItem = { type: "message", id: this.#id, status, role: "assistant", content: [part] };
		this.#emit({ type: "response.output_text.done", ...this.#place(), text: part.text, logprobs: part.logprobs });
		this.#emit({ type: "response.content_part.done", ...this.#place(), part });
		this.#emit({ type: "response.output_item.done", output_index: this.#index, item });
		return item;
	}

	#place(): { item_id: string; output_index: number; content_index: number } {
		return { item_id: this.#id, output_index: this.#index, content_index: 0 };
	}

	#part(): { type: "output_text"; text: string; annotations: never[]; logprobs: TokenLogprob[] } {
		return { type: "output_text", text: this.#text, annotations: [], logprobs: [...this.#logprobs] };
	}
}

/** The model's thoughts. */
export class OpenReasoning implements OpenItem {
	readonly #id = newId("rs");
	readonly #index: number;
	readonly #emit: Emit;
	#text = "";

	constructor(index: number, emit: Emit) {
		this.#index = index;
		this.#emit = emit;
		const item: ResponseOutputItem = { type: "reasoning", id: this.#id, status: "in_progress", summary: [], content: [] };
		emit({ type: "response.output_item.added", output_index: index, item });
		emit({ type: "response.content_part.added", ...this.#place(), part: { type: "reasoning_text", text: "" } });
	}

	write(delta: string): void {
		this.#text += delta;
		this.#emit({ type: "response.reasoning_text.delta", ...this.#place(), delta });
	}

	close(status: Status): ResponseOutputItem {
		const part = { type: "reasoning_text" as const, text: this.#text };
		const item: ResponseOutputItem = { type: "reasoning", id: this.#id, status, summary: [], content: [part] };
		this.#emit({ type: "response.reasoning_text.done", ...this.#place(), text: this.#text });
		this.#emit({ type: "response.content_part.done", ...this.#place(), part });
		this.#emit({ type: "response.output_item.done", output_index: this.#index, item });
		return item;
	}

	#place(): { item_id: string; output_index: number; content_index: number } {
		return { item_id: this.#id, output_index: this.#index, content_index: 0 };
	}
}

/** A call of a function. */
export class OpenCall implements OpenItem {
	/** Which of the answer's calls this is. */
	readonly callIndex: number;
	readonly #id = newId("fc");
	readonly #callId: string;
	readonly #name: string;
	readonly #index: number;
	readonly #emit: Emit;
	#arguments = "";

	constructor(index: number, call: { readonly callIndex: number; readonly id: string; readonly name: string }, emit: Emit) {
		this.callIndex = call.callIndex;
		this.#callId = call.id;
		this.#name = call.name;
		this.#index = index;
		this.#emit = emit;
		emit({ type: "response.output_item.added", output_index: index, item: this.#item("in_progress") });
	}

	write(delta: string): void {
		this.#arguments += delta;
		this.#emit({ type: "response.function_call_arguments.delta", item_id: this.#id, output_index: this.#index, delta });
	}

	close(status: Status): ResponseOutputItem {
		const place = { item_id: this.#id, output_index: this.#index };
		this.#emit({ type: "response.function_call_arguments.done", ...place, name: this.#name, arguments: this.#arguments });
		const item = this.#item(status);
		this.#emit({ type: "response.output_item.done", output_index: this.#index, item });
		return item;
	}

	#item(status: Status | "in_progress"): ResponseOutputItem {
		return { type: "function_call", id: this.#id, status, call_id: this.#callId, name: this.#name, arguments: this.#arguments };
	}
}

/** A call that LMX makes itself. */
export class OpenMcpCall {
	readonly #id = newId("mcp");
	readonly #index: number;
	readonly #emit: Emit;

	constructor(index: number, call: McpCall, emit: Emit) {
		const place = { item_id: this.#id, output_index: index };
		this.#index = index;
		this.#emit = emit;
		emit({ type: "response.output_item.added", output_index: index, item: this.#item({ ...call, arguments: "" }) });
		emit({ type: "response.mcp_call.in_progress", ...place });
		emit({ type: "response.mcp_call_arguments.delta", ...place, delta: call.arguments });
		emit({ type: "response.mcp_call_arguments.done", ...place, arguments: call.arguments });
	}

	/** Ends the item: the call came back, or failed. */
	close(call: McpCall): ResponseOutputItem {
		const item = this.#item(call);
		const type = call.status === "failed" ? "response.mcp_call.failed" : "response.mcp_call.completed";
		this.#emit({ type, item_id: this.#id, output_index: this.#index });
		this.#emit({ type: "response.output_item.done", output_index: this.#index, item });
		return item;
	}

	#item(call: McpCall): ResponseOutputItem {
		return { ...call, type: "mcp_call", id: this.#id };
	}
}
