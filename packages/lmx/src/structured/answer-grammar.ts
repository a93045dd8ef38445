import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import type { EngineGrammar } from "../engine/engine-messages.ts";
import type { ToolFormat } from "../engine/prompt/tool-format.ts";
import type { Answer } from "../serving/backend.ts";
import { type CallGrammarParts, callsRule, callTriggers } from "../tools/call-grammar.ts";
import type { ToolRequest } from "../tools/tool-request.ts";
import { type Expression, GrammarRefusal, options } from "./expression.ts";
import { responseRule, schemaProblem } from "./schema-grammar.ts";
import { SchemaWork } from "./schema-work.ts";

function conflict(param: string, other: string): Answer<never> {
	const message = `The parameters "${param}" and "${other}" both say what form the answer has. Send one of them.`;
	return { ok: false, error: { code: "invalid_request", message, param } };
}

function printed({ grammar }: SchemaWork, root: Expression, triggers: readonly string[] | null, param: string): Answer<EngineGrammar> {
	try {
		return { ok: true, value: { gbnf: grammar.print(root), triggers } };
	} catch (error) {
		if (error instanceof GrammarRefusal) {
			return schemaProblem({ message: error.message, pointer: "", keyword: null }, param);
		}
		throw error;
	}
}

/**
 * The grammar that an answer must follow; null for free text. Calls of tools that must come are enforced from the first
 * token on, those that may come from where one begins, and where a form is asked for too, the answer is either.
 */
export function answerGrammar(
	{ grammar: gbnf, response_format }: Pick<ChatRequest, "grammar" | "response_format">,
	tools: ToolRequest | null,
	format: ToolFormat,
): Answer<EngineGrammar | null> {
	const hasForm = response_format != null && response_format.type !== "text";
	if (gbnf != null) {
		if (hasForm || tools !== null) {
			return conflict("grammar", hasForm ? "response_format" : "tools");
		}
		return { ok: true, value: { gbnf, triggers: null } };
	}
	const work = new SchemaWork();
	const form = hasForm ? responseRule(work, response_format) : null;
	if (form?.ok === false) {
		return form;
	}
	if (tools === null) {
		return form === null ? { ok: true, value: null } : printed(work, form.value, null, "response_format");
	}
	const parts: CallGrammarParts = { work, format, isParallel: tools.isParallel };
	const isWhole = tools.isForced || form !== null;
	const triggers = callTriggers(
		format,
		tools.callable.map(({ tool }) => tool),
	);
	if (!isWhole && triggers.length === 0) {
		return { ok: true, value: null };
	}
	const calls = callsRule(parts, tools.callable, isWhole);
	if (!calls.ok) {
		return calls;
	}
	const root = form === null || tools.isForced ? calls.value : options(form.value, calls.value);
	return printed(work, root, isWhole ? null : triggers, "tools");
}
