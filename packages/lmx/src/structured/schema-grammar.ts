import type { ResponseFormat } from "@opta/contracts/schema/lmx-chat";
import type { Answer } from "../serving/backend.ts";
import type { Expression } from "./expression.ts";
import { type CompiledSchema, compileSchema } from "./schema/compile-schema.ts";
import type { SchemaWork } from "./schema-work.ts";

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

/** The rule of an answer in JSON. Without a schema it is any object. */
export function responseRule(work: SchemaWork, format: Exclude<ResponseFormat, { type: "text" }>): Answer<Expression> {
	if (format.type === "json_object" || format.json_schema.schema === undefined) {
		return { ok: true, value: work.json.object };
	}
	const { schema, strict } = format.json_schema;
	const compiled = compileSchema(work, schema, { isStrict: strict === true });
	return compiled.ok ? { ok: true, value: compiled.expression } : schemaProblem(compiled, "response_format.json_schema.schema");
}
