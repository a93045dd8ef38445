import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { EngineGrammar } from "../engine/engine-messages.ts";
import type { ToolFormat } from "../engine/prompt/tool-format.ts";
import type { Answer } from "../serving/backend.ts";
import type { ToolRequest } from "../tools/tool-request.ts";
import { answerGrammar } from "./answer-grammar.ts";

const maxEntries = 64;
/** Of request and grammar together; larger ones are made each time. */
const maxEntryCharacters = 200_000;

/** The grammars of the last requests: clients ask for the same form again and again. */
export class GrammarCache {
	/** In order of use. */
	readonly #entries = new Map<string, Answer<EngineGrammar | null>>();

	/** The grammar that an answer must follow; see `answerGrammar`. */
	get(
		request: Pick<ChatRequest, "grammar" | "response_format">,
		tools: ToolRequest | null,
		format: ToolFormat,
	): Answer<EngineGrammar | null> {
		if (request.response_format == null && tools === null) {
			return answerGrammar(request, tools, format);
		}
		const key = JSON.stringify([request.grammar, request.response_format, tools, format]);
		const known = this.#entries.get(key);
		this.#entries.delete(key);
		const made = known ?? answerGrammar(request, tools, format);
		if (key.length + (made.ok ? (made.value?.gbnf.length ?? 0) : 0) <= maxEntryCharacters) {
			this.#entries.set(key, made);
		}
		const [oldest] = this.#entries.keys();
		if (oldest !== undefined && this.#entries.size > maxEntries) {
			this.#entries.delete(oldest);
		}
		return made;
	}
}
