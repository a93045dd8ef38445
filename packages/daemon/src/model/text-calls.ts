import { parseJson } from "@opta/host-client/host-error";
import { jsonrepair } from "jsonrepair";

/** A call that a model wrote into its text; `argumentsText` is JSON. */
export interface TextCall {
	readonly name: string;
	readonly argumentsText: string;
}

/** A text without the calls in it, and the calls. */
export interface TextWithCalls {
	readonly content: string;
	readonly calls: readonly TextCall[];
}

const opening = /<tool_call>|\[TOOL_CALLS\]|<function=|```(?:json|tool_call)?[ \t]*\n|(?<=^|\n)[ \t]*[{[]/g;
const functionForm = /^<function=([\w.-]+)>([\s\S]*?)(?:<\/function>\s*)?$/;
const functionArgument = /<parameter=([^>]+)>\n?([\s\S]*?)\n?<\/parameter>/g;
const glmForm = /^([\w.-]+)\s*((?:<arg_key>[\s\S]*)?)$/;
const glmArgument = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g;
const mistralForm = /^([\w.-]+)\s*(?:\[ARGS\])?\s*(\{[\s\S]*)$/;

/** True for a JSON object; a list is none. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads JSON that a model wrote, also where quotes, commas or closing brackets are missing; undefined where it is none. */
export function parseLooseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		try {
			return JSON.parse(jsonrepair(text));
		} catch {
			return undefined;
		}
	}
}

function jsonCalls(value: unknown, names: ReadonlySet<string>): TextCall[] | null {
	const calls = (Array.isArray(value) ? value : [value]).map((each): TextCall | null => {
		const call: unknown = isRecord(each) && isRecord(each.function) ? each.function : each;
		if (!isRecord(call) || typeof call.name !== "string" || !names.has(call.name)) {
			return null;
		}
		const said = call.arguments ?? call.parameters ?? call.input;
		const values = typeof said === "string" ? parseLooseJson(said) : (said ?? {});
		return isRecord(values) ? { name: call.name, argumentsText: JSON.stringify(values) } : null;
	});
	return calls.length > 0 && calls.every((call) => call !== null) ? calls : null;
}

function taggedCall(name: string, body: string, form: RegExp): TextCall[] {
	const values = Array.from(body.matchAll(form), ([, key = "", value = ""]): [string, unknown] => {
		// Numbers, booleans, lists and objects are JSON; anything else is the text itself.
		const isJson = /^\s*(?:-?\d|true\b|false\b|null\b|[[{])/.test(value);
		const parsed = isJson ? parseJson(value) : undefined;
		return [key.trim(), parsed ?? value];
	});
	return [{ name, argumentsText: JSON.stringify(Object.fromEntries(values)) }];
}

/** Reads calls from what stood between marks, in any of the forms that models write; null when it is no call of a known tool. */
function readBlock(block: string, names: ReadonlySet<string>): TextCall[] | null {
	const text = block.trim();
	if (text.startsWith("{") || text.startsWith("[")) {
		return jsonCalls(parseLooseJson(text), names);
	}
	const [, functionName = "", functionBody = ""] = functionForm.exec(text) ?? [];
	if (names.has(functionName)) {
		const plain = functionBody.trim();
		return plain.startsWith("{")
			? jsonCalls({ name: functionName, arguments: plain }, names)
			: taggedCall(functionName, functionBody, functionArgument);
	}
	const [, mistralName = "", mistralBody = ""] = mistralForm.exec(text) ?? [];
	if (names.has(mistralName)) {
		return jsonCalls({ name: mistralName, arguments: mistralBody }, names);
	}
	const [, glmName = "", glmBody = ""] = glmForm.exec(text) ?? [];
	return names.has(glmName) ? taggedCall(glmName, glmBody, glmArgument) : null;
}

/** Where JSON that begins here ends; the end of the text when it is never closed. */
function jsonEnd(text: string, start: number): number {
	let depth = 0;
	let inString = false;
	for (let at = start; at < text.length; at++) {
		const char = text[at];
		if (inString) {
			if (char === "\\") {
				at++;
			} else if (char === '"') {
				inString = false;
			}
		} else if (char === '"') {
			inString = true;
		} else if (char === "{" || char === "[") {
			depth++;
		} else if ((char === "}" || char === "]") && --depth === 0) {
			return at + 1;
		}
	}
	return text.length;
}

/** The block that a mark opens: where it stands and where what follows begins. */
function blockAt(text: string, start: number, mark: string): { body: string; end: number } {
	const inner = start + mark.length;
	const upTo = (close: string): { body: string; end: number } => {
		const at = text.indexOf(close, inner);
		return at === -1 ? { body: text.slice(inner), end: text.length } : { body: text.slice(inner, at), end: at + close.length };
	};
	if (mark === "<tool_call>") {
		return upTo("</tool_call>");
	}
	if (mark === "<function=") {
		const block = upTo("</function>");
		return { body: `<function=${block.body}`, end: block.end };
	}
	if (mark.startsWith("```")) {
		return upTo("```");
	}
	const first = text.slice(inner).search(/[{[]/);
	const begin = mark === "[TOOL_CALLS]" ? inner + Math.max(0, first) : inner - 1;
	const end = jsonEnd(text, begin);
	return { body: text.slice(mark === "[TOOL_CALLS]" ? inner : begin, end), end };
}

/**
 * Finds the calls of known tools in the text of an answer, for models and servers that do not give them as such:
 * Hermes and Qwen (`<tool_call>`), Mistral (`[TOOL_CALLS]`), Llama (`<function=…>`, bare JSON), GLM and Qwen3-Coder (tags).
 */
export function readTextCalls(text: string, names: ReadonlySet<string>): TextWithCalls {
	const calls: TextCall[] = [];
	const kept: string[] = [];
	let from = 0;
	for (const match of text.matchAll(opening)) {
		if (match.index < from) {
			continue;
		}
		const block = blockAt(text, match.index, match[0]);
		const found = readBlock(block.body, names);
		if (found !== null) {
			calls.push(...found);
			kept.push(text.slice(from, match.index));
			from = block.end;
		}
	}
	kept.push(text.slice(from));
	return calls.length === 0 ? { content: text, calls } : { content: kept.join("").trim(), calls };
}
