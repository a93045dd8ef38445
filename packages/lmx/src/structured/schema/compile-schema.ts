import { type Expression, GrammarRefusal, options, rule } from "../expression.ts";
import type { GrammarBuilder } from "../grammar.ts";
import type { JsonRules } from "../json-rules.ts";
import type { SchemaWork } from "../schema-work.ts";
import { PatternTooLargeError, type Terms } from "../text/terms.ts";
import { arrayRule } from "./array-rule.ts";
import { expand, expandAll, requireDisjoint, SchemaDocument } from "./expand.ts";
import { objectRule } from "./object-rule.ts";
import { assertions, join, type Keywords, type PlacedSchema, SchemaRefusal } from "./read-schema.ts";
import { numberRule, stringRule, valuesRule } from "./scalar-rules.ts";
import { type AllOf, type Shape, unsatisfiable } from "./shape.ts";

/** How a schema is read. */
export interface SchemaOptions {
	/** Objects are closed where the schema does not say so. Without it only those that declare properties are. */
	readonly isStrict: boolean;
}

/** What the rules of all types work with. */
export interface SchemaCompiler {
	readonly grammar: GrammarBuilder;
	readonly json: JsonRules;
	readonly terms: Terms;
	readonly document: SchemaDocument;
	readonly options: SchemaOptions;
	/** The rule of schemas that must all hold; null when no value can. */
	compile(all: AllOf, pointer: string): Expression | null;
}

/** A grammar in GBNF, or why there is none: what is wrong, at which place of the schema (a JSON pointer). */
export type CompiledSchema =
	| { readonly ok: true; readonly expression: Expression }
	| { readonly ok: false; readonly message: string; readonly pointer: string; readonly keyword: string | null };

function hintOf(pointer: string): string {
	return pointer
		.split("/")
		.filter((part) => !["properties", "items", "anyOf", "$defs", "definitions"].includes(part))
		.slice(-2)
		.join("-");
}

class Compiler implements SchemaCompiler {
	readonly grammar: GrammarBuilder;
	readonly json: JsonRules;
	readonly terms: Terms;
	readonly document: SchemaDocument;
	readonly options: SchemaOptions;
	/** Rules of schemas that stand alone, by place; null: no value. */
	readonly #byPointer = new Map<string, Expression | null>();
	#depth = 0;

	constructor(work: SchemaWork, root: unknown, schemaOptions: SchemaOptions) {
		this.grammar = work.grammar;
		this.json = work.json;
		this.terms = work.terms;
		this.document = new SchemaDocument(root, work);
		this.options = schemaOptions;
	}

	compile(all: AllOf, pointer: string): Expression | null {
		if (++this.#depth > 60) {
			throw new SchemaRefusal("It is nested too deeply.", pointer);
		}
		const [only] = all;
		const expression =
			only !== undefined && all.length === 1 ? this.#compileOne(only) : this.#shapes(expandAll(this.document, all, pointer), pointer);
		this.#depth--;
		return expression;
	}

	/** References and choices stay references and choices, so that a schema may use itself. */
	#compileOne(placed: PlacedSchema): Expression | null {
		const { schema, pointer } = placed;
		if (schema === false) {
			return null;
		}
		const known = this.#byPointer.get(pointer);
		if (known !== undefined) {
			return known;
		}
		const keywords = this.document.read(placed);
		const said = assertions(keywords);
		if (said.length === 0) {
			return this.json.value;
		}
		const name = this.grammar.reserve(hintOf(pointer) || "value");
		this.#byPointer.set(pointer, rule(name));
		const expression = this.#expressionOf(placed, keywords, said);
		if (expression === null) {
			this.#byPointer.set(pointer, null);
			return null;
		}
		this.grammar.define(name, expression);
		return rule(name);
	}

	#expressionOf(placed: PlacedSchema, keywords: Keywords, said: readonly string[]): Expression | null {
		const { pointer } = placed;
		const { $ref, anyOf, oneOf } = keywords;
		if ($ref !== undefined && said.length === 1) {
			return this.compile([this.document.resolve($ref, pointer)], pointer);
		}
		const choices = anyOf ?? oneOf;
		if (choices === undefined || said.length > 1) {
			return this.#shapes(expand(this.document, placed), pointer);
		}
		const keyword = anyOf === undefined ? "oneOf" : "anyOf";
		const parts = choices.map((schema, index): PlacedSchema => ({ schema, pointer: join(pointer, keyword, index) }));
		if (keyword === "oneOf") {
			requireDisjoint(
				this.document,
				parts.map((part) => expand(this.document, part)),
				pointer,
			);
		}
		const compiled = parts.flatMap((part) => this.compile([part], part.pointer) ?? []);
		return compiled.length === 0 ? null : options(...compiled);
	}

	#shapes(shapes: readonly Shape[], pointer: string): Expression | null {
		try {
			const compiled = shapes.flatMap((shape) => this.#shape(shape, hintOf(pointer) || "value"));
			return compiled.length === 0 ? null : options(...compiled);
		} catch (error) {
			throw error instanceof GrammarRefusal ? new SchemaRefusal(error.message, pointer) : error;
		}
	}

	#shape(shape: Shape, hint: string): Expression[] {
		if (shape.values !== null) {
			return valuesRule(this, shape, shape.values);
		}
		const rules: (Expression | null)[] = [];
		for (const type of shape.types) {
			switch (type) {
				case "object":
					rules.push(objectRule(this, shape, hint));
					break;
				case "array":
					rules.push(arrayRule(this, shape, hint));
					break;
				case "string":
					rules.push(stringRule(this, shape, hint));
					break;
				case "number":
				case "integer":
					if (type === "number" || !shape.types.has("number")) {
						rules.push(numberRule(this, shape, hint));
					}
					break;
				case "boolean":
					rules.push(this.json.boolean);
					break;
				case "null":
					rules.push(this.json.null);
					break;
			}
		}
		return rules.filter((each) => each !== null);
	}
}

/** Adds the rules of a JSON Schema (draft 2020-12, the subset of `read-schema.ts`) to a grammar. Nothing is left unenforced in silence. */
export function compileSchema(work: SchemaWork, schema: unknown, schemaOptions: SchemaOptions): CompiledSchema {
	try {
		const compiler = new Compiler(work, schema, schemaOptions);
		const root = compiler.document.resolve("#", "");
		const expression = compiler.compile([root], "");
		if (expression === null) {
			throw unsatisfiable("");
		}
		return { ok: true, expression };
	} catch (error) {
		if (error instanceof SchemaRefusal) {
			return { ok: false, message: error.message, pointer: error.pointer, keyword: error.keyword };
		}
		if (error instanceof GrammarRefusal) {
			return { ok: false, message: error.message, pointer: "", keyword: null };
		}
		if (error instanceof PatternTooLargeError) {
			return { ok: false, message: "Its patterns and lengths together are too large.", pointer: "", keyword: null };
		}
		throw error;
	}
}
