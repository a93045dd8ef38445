import { randomBytes } from "node:crypto";
import type { ChatDelta, ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { AnswerReader } from "../serving/answer-reader.ts";
import { readCallHead } from "./call-head.ts";
import { parseBlock, type ReadCall } from "./parse-block.ts";

/** What stands between and after calls and is no content. */
const separators = ["</tool_call>", "</function>", "```", ",", ";", "]"];
/** A character that can begin a call. */
const openings = "{<[`";

type State =
	| { readonly kind: "content" }
	/** Within the arguments; `depth` counts brackets, text in quotes does not. */
	| { readonly kind: "arguments"; readonly form: "json" | "function"; depth: number; inString: boolean; isEscaped: boolean }
	/** Behind the arguments, until the object of the call is closed. */
	| { readonly kind: "tail"; depth: number; inString: boolean; isEscaped: boolean }
	/** Between tags, in a form that is read when it is complete. */
	| { readonly kind: "block"; readonly close: string; text: string };

/** A new id for a call. */
export function callId(): string {
	return `call_${randomBytes(12).toString("hex")}`;
}

/** How calls are read. */
export interface CallReaderOptions {
	/** The answer is nothing but calls: the beginning of one that was cut off is no content. */
	readonly isForced: boolean;
	readonly newId?: () => string;
}

/** Moves through JSON text: brackets within strings do not count. */
function step(state: { depth: number; inString: boolean; isEscaped: boolean }, char: string): void {
	if (state.inString) {
		state.inString = state.isEscaped || char !== '"';
		state.isEscaped = !state.isEscaped && char === "\\";
	} else if (char === '"') {
		state.inString = true;
	} else if (char === "{" || char === "[") {
		state.depth++;
	} else if (char === "}" || char === "]") {
		state.depth--;
	}
}

/**
 * Finds calls of tools in the text of an answer, character by character, so that it does not matter how the text is
 * cut. Text that may be the beginning of a call is held back; what turns out to be none is content after all.
 */
export class CallReader implements AnswerReader {
	readonly #tools: readonly ChatTool[];
	readonly #names: readonly string[];
	readonly #isForced: boolean;
	readonly #newId: () => string;
	#state: State = { kind: "content" };
	/** May be the beginning of a call, or of what stands between calls. */
	#held = "";
	/** White space that is content only when content follows. */
	#space = "";
	#calls = 0;
	/** The last thing read was a call, and no content came since. */
	#isBetween = false;
	#deltas: ChatDelta[] = [];

	constructor(tools: readonly ChatTool[], { isForced, newId = callId }: CallReaderOptions) {
		this.#tools = tools;
		this.#isForced = isForced;
		this.#names = tools.map((tool) => tool.function.name);
		this.#newId = newId;
	}

	get calledTools(): boolean {
		return this.#calls > 0;
	}

	push(text: string): readonly ChatDelta[] {
		for (const char of text) {
			this.#take(char);
		}
		return this.#flush();
	}

	end(): readonly ChatDelta[] {
		if (this.#state.kind === "block") {
			this.#readBlock(this.#state.text, "");
		}
		if (this.#isForced) {
			return this.#flush();
		}
		while (this.#held !== "") {
			this.#releaseFirst();
		}
		if (!this.calledTools && this.#space !== "") {
			this.#deltas.push({ content: this.#space });
		}
		return this.#flush();
	}

	#flush(): readonly ChatDelta[] {
		const deltas = this.#deltas;
		this.#deltas = [];
		return deltas;
	}

	#take(char: string): void {
		const state = this.#state;
		switch (state.kind) {
			case "content":
				this.#held += char;
				this.#readHeld();
				break;
			case "arguments":
				step(state, char);
				this.#addArguments(char);
				if (state.depth === 0) {
					this.#state = state.form === "json" ? { kind: "tail", depth: 1, inString: false, isEscaped: false } : { kind: "content" };
				}
				break;
			case "tail":
				step(state, char);
				if (state.depth === 0) {
					this.#state = { kind: "content" };
				}
				break;
			case "block":
				state.text += char;
				if (state.text.endsWith(state.close)) {
					this.#readBlock(state.text.slice(0, -state.close.length), state.close);
				}
				break;
		}
	}

	/** Decides about what is held as far as that is possible. */
	#readHeld(): void {
		while (this.#held !== "") {
			if (this.#isBetween) {
				const separator = separators.find((each) => this.#held.startsWith(each));
				if (separator !== undefined || /^\s/.test(this.#held)) {
					this.#held = this.#held.slice(separator?.length ?? 1);
					continue;
				}
				if (separators.some((each) => each.startsWith(this.#held))) {
					return;
				}
			}
			const head = openings.includes(this.#held.charAt(0)) ? readCallHead(this.#held, this.#names) : { kind: "none" as const };
			if (head.kind === "open") {
				return;
			}
			if (head.kind === "none") {
				this.#releaseFirst();
				continue;
			}
			const held = this.#held;
			this.#held = "";
			if (head.kind === "block") {
				this.#state = { kind: "block", close: head.close, text: held };
				return;
			}
			this.#begin(head.name);
			if (!head.hasArguments) {
				this.#addArguments("{}");
				this.#held = head.rest;
				continue;
			}
			this.#state = { kind: "arguments", form: head.form, depth: 0, inString: false, isEscaped: false };
			for (const char of head.rest) {
				this.#take(char);
			}
			return;
		}
	}

	/** The first character that is held is content. */
	#releaseFirst(): void {
		const [first = ""] = this.#held;
		this.#held = this.#held.slice(first.length);
		if (/\s/.test(first)) {
			this.#space += first;
			return;
		}
		this.#addContent(this.#space + first);
		this.#space = "";
		this.#isBetween = false;
	}

	#addContent(text: string): void {
		const last = this.#deltas.at(-1);
		if (last?.content === undefined) {
			this.#deltas.push({ content: text });
		} else {
			last.content += text;
		}
	}

	#begin(name: string): void {
		this.#space = "";
		this.#isBetween = true;
		const call = { index: this.#calls++, id: this.#newId(), type: "function" as const, function: { name, arguments: "" } };
		this.#deltas.push({ tool_calls: [call] });
	}

	#addArguments(text: string): void {
		const index = this.#calls - 1;
		const last = this.#deltas.at(-1)?.tool_calls?.[0];
		if (last?.index === index) {
			last.function.arguments = (last.function.arguments ?? "") + text;
		} else {
			this.#deltas.push({ tool_calls: [{ index, function: { arguments: text } }] });
		}
	}

	#readBlock(block: string, close: string): void {
		this.#state = { kind: "content" };
		const calls = parseBlock(block.replace(/^<tool_call>/, ""), this.#tools);
		for (const call of calls ?? []) {
			this.#addCall(call);
		}
		if (calls === null && !this.#isForced) {
			this.#addContent(this.#space + block + close);
			this.#space = "";
			this.#isBetween = false;
		}
	}

	#addCall(call: ReadCall): void {
		this.#begin(call.name);
		this.#addArguments(call.arguments);
	}
}
