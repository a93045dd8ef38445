import type { ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { ToolFormat } from "../engine/prompt/tool-format.ts";
import type { Answer } from "../serving/backend.ts";
import { type Expression, optional, options, sequence, text } from "../structured/expression.ts";
import { compileSchema } from "../structured/schema/compile-schema.ts";
import { schemaProblem } from "../structured/schema-grammar.ts";
import type { SchemaWork } from "../structured/schema-work.ts";

/** Calls in one answer that a grammar allows. */
const maxCalls = 8;

/** What the rules of calls are made with. */
export interface CallGrammarParts {
	readonly work: SchemaWork;
	readonly format: ToolFormat;
	readonly isParallel: boolean;
}

/** A tool and its place in the request. */
export interface PlacedTool {
	readonly tool: ChatTool;
	readonly index: number;
}

/**
 * The rule of a tool's arguments. A schema that cannot be enforced is refused for a strict tool; for another one any
 * object will do, because tools are written elsewhere and their owners check them.
 */
function argumentsRule({ work }: CallGrammarParts, { tool, index }: PlacedTool): Answer<Expression> {
	const { parameters, strict } = tool.function;
	if (parameters === undefined) {
		return { ok: true, value: text("{}") };
	}
	const compiled = compileSchema(work, { type: "object", ...parameters }, { isStrict: strict === true });
	if (compiled.ok) {
		return { ok: true, value: work.grammar.add(`arguments-${index}`, compiled.expression) };
	}
	return strict === true ? schemaProblem(compiled, `tools.${index}.function.parameters`) : { ok: true, value: work.json.object };
}

function callRule({ work: { json }, format }: CallGrammarParts, { tool }: PlacedTool, values: Expression): Expression {
	const { name } = tool.function;
	if (format === "function") {
		return sequence(text(`<function=${name}>`), values, text("</function>"));
	}
	const key = format === "llama" ? '"parameters":' : '"arguments":';
	const type = format === "llama" ? optional(sequence(text('"type":'), json.space, text('"function",'), json.space)) : text("");
	return sequence(
		text("{"),
		json.space,
		type,
		text('"name":'),
		json.space,
		text(`${JSON.stringify(name)},`),
		json.space,
		text(key),
		json.space,
		values,
		json.space,
		text("}"),
	);
}

/** The rule of one call or several of these tools. `isForced`: the answer consists of it; else it begins within an answer. */
export function callsRule(parts: CallGrammarParts, tools: readonly PlacedTool[], isForced: boolean): Answer<Expression> {
	const { work, format, isParallel } = parts;
	const { grammar, json } = work;
	const calls: Expression[] = [];
	for (const placed of tools) {
		const values = argumentsRule(parts, placed);
		if (!values.ok) {
			return values;
		}
		calls.push(callRule(parts, placed, values.value));
	}
	const single = grammar.add("call", options(...calls));
	const isTagged = format === "hermes" || format === "tagged";
	const call = isTagged ? sequence(text("<tool_call>"), json.space, single, json.space, text("</tool_call>")) : single;
	const between = format === "mistral" ? sequence(text(","), json.space) : format === "plain" ? text("\n") : json.space;
	const more = isParallel ? grammar.repeat("more-calls", sequence(between, call), 0, maxCalls - 1) : text("");
	if (format !== "mistral") {
		return { ok: true, value: sequence(call, more) };
	}
	return { ok: true, value: isForced ? sequence(text("["), call, more, text("]")) : sequence(call, more, optional(text("]"))) };
}

/** Texts at which a call begins within an answer; none for a format that no JSON grammar describes. */
export function callTriggers(format: ToolFormat, tools: readonly ChatTool[]): readonly string[] {
	switch (format) {
		case "hermes":
			return ["<tool_call>"];
		case "function":
			return ["<function="];
		case "tagged":
			return [];
		case "llama":
		case "mistral":
		case "plain":
			return tools.flatMap((tool) => {
				const name = JSON.stringify(tool.function.name);
				const typed = format === "llama" ? [`{"type": "function", "name": ${name}`] : [];
				return [`{"name": ${name}`, `{"name":${name}`, ...typed];
			});
	}
}
