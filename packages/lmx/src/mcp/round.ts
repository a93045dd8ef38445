import type { ChatDelta, FinishReason, ToolCall, ToolCallDelta } from "@opta/contracts/schema/lmx-chat";

/** What the model says in one round of a chat with MCP tools. */
export class Round {
	content = "";
	reasoning = "";
	reason: FinishReason = "stop";
	stopSequence: string | null = null;
	/** All calls by their place, those of MCP servers and those of the client. */
	readonly calls: ToolCall[] = [];
	/** Places of the client's own calls, in the order in which it is told of them. */
	readonly #clientPlaces: number[] = [];
	readonly #isMcp: (name: string) => boolean;

	/** `isMcp` is true for the names of functions that LMX calls itself. */
	constructor(isMcp: (name: string) => boolean) {
		this.#isMcp = isMcp;
	}

	/** True when the client is to make calls before the model can go on. */
	get hasClientCalls(): boolean {
		return this.#clientPlaces.length > 0;
	}

	/** Keeps what the model said, and gives back what the client is to see of it: not the calls that LMX makes itself. */
	add(delta: ChatDelta): ChatDelta | null {
		this.content += delta.content ?? "";
		this.reasoning += delta.reasoning_content ?? "";
		const { tool_calls: pieces = [], ...rest } = delta;
		const shown = pieces.flatMap((piece) => this.#addCall(piece));
		if (shown.length > 0) {
			return { ...rest, tool_calls: shown };
		}
		return Object.keys(rest).length === 0 ? null : rest;
	}

	#addCall(piece: ToolCallDelta): ToolCallDelta[] {
		const { index, id, function: part } = piece;
		const known = this.calls[index];
		const name = (known?.function.name ?? "") + (part.name ?? "");
		const text = (known?.function.arguments ?? "") + (part.arguments ?? "");
		this.calls[index] = { id: known?.id ?? id ?? "", type: "function", function: { name, arguments: text } };
		if (this.#isMcp(name)) {
			return [];
		}
		if (!this.#clientPlaces.includes(index)) {
			this.#clientPlaces.push(index);
		}
		return [{ ...piece, index: this.#clientPlaces.indexOf(index) }];
	}
}
