import type { ResponseFormat } from "@opta/contracts/schema/lmx-chat";
import type { Answer } from "../serving/backend.ts";
import { GrammarBuilder, GrammarRefusal } from "./grammar.ts";
import { JsonRules } from "./json-rules.ts";
import { type CompiledSchema, compileSchema } from "./schema/compile-schema.ts";

type Refused = Extract<CompiledSchema, { ok: false }>;

/** Says what is wrong with a schema; `param` names the parameter that carries it. */
export function schemaProblem({ message, pointer, keyword }: Omit<Refused, "ok">, param: string): Answer<never> {
	const place = pointer === "" ? "The schema cannot be enforced" : `The schema cannot be enforced at ${pointer}`;
	return {
		ok: false,
		error: {
			code: keyword === null ? "invalid_request" : "unsupported_parameter",
			message: `${place}: ${message}`,
			param,
			details: { pointer, ...(keyword === null ? {} : { keyword }) },
		},
	};
}

/** The grammar of a response format in GBNF; null for plain text. */
export function responseGrammar(format: ResponseFormat): Answer<string | null> {
	if (format.type === "text") {
		return { ok: true, value: null };
	}
	const grammar = new GrammarBuilder();
	const json = new JsonRules(grammar);
	const schema = format.type === "json_schema" ? (format.json_schema.schema ?? { type: "object" }) : { type: "object" };
	const param = "response_format.json_schema.schema";
	const compiled = compileSchema(grammar, json, schema, { isStrict: format.type === "json_schema" && format.json_schema.strict === true });
	if (!compiled.ok) {
		return schemaProblem(compiled, param);
	}
	try {
		return { ok: true, value: grammar.print(compiled.expression) };
	} catch (error) {
		if (error instanceof GrammarRefusal) {
			return schemaProblem({ message: error.message, pointer: "", keyword: null }, param);
		}
		throw error;
	}
}
