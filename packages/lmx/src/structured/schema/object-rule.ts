import { type Expression, options, sequence, text } from "../expression.ts";
import { anyChar } from "../text/char-set.ts";
import type { Term } from "../text/terms.ts";
import type { SchemaCompiler } from "./compile-schema.ts";
import { expandAll } from "./expand.ts";
import { join, SchemaRefusal } from "./read-schema.ts";
import { nameTerm } from "./scalar-rules.ts";
import type { AllOf, Shape } from "./shape.ts";

interface Property {
	readonly member: Expression;
	readonly isRequired: boolean;
}

/** Values of properties that are not declared; null when there can be none. */
function additionalOf({ options: { isStrict } }: SchemaCompiler, { additional, properties }: Shape): AllOf | null {
	if (additional === null) {
		return isStrict || properties.size > 0 ? null : [];
	}
	return additional === "closed" ? null : additional;
}

/** The names that `propertyNames` allows; null: all. */
function allowedNames(compiler: SchemaCompiler, { propertyNames, pointer }: Shape): Term | null {
	if (propertyNames.length === 0) {
		return null;
	}
	const shapes = expandAll(compiler.document, propertyNames, pointer);
	return compiler.terms.or(...shapes.map((shape) => nameTerm(compiler, shape)));
}

/** Counting properties would need a grammar for every number, so only bounds that hold anyway are taken. */
function requireCount({ minProperties, maxProperties, required, pointer }: Shape, declared: number, isOpen: boolean): void {
	const [keyword, problem] =
		minProperties > required.size
			? (["minProperties", "more properties than it requires"] as const)
			: maxProperties !== null && (isOpen || declared > maxProperties)
				? (["maxProperties", "fewer properties than it allows by name"] as const)
				: [null, ""];
	if (keyword !== null) {
		throw new SchemaRefusal(`LMX does not count properties: "${keyword}" asks for ${problem}.`, pointer, keyword);
	}
}

/**
 * The rule of an object; null when a required property can have no value. Declared properties come in the
 * schema's order, any subset of the optional ones; then others, if the schema allows some.
 */
export function objectRule(compiler: SchemaCompiler, shape: Shape, hint: string): Expression | null {
	const { grammar, json, terms } = compiler;
	const names = allowedNames(compiler, shape);
	const rest = additionalOf(compiler, shape);
	const properties: Property[] = [];
	for (const name of new Set([...shape.properties.keys(), ...shape.required])) {
		const all = shape.properties.get(name) ?? rest;
		const isRequired = shape.required.has(name);
		const isNamed = names === null || terms.matches(names, name);
		const value =
			all === null || !isNamed ? null : all.length === 0 ? json.value : compiler.compile(all, join(shape.pointer, "properties", name));
		if (value !== null) {
			properties.push({ member: grammar.add(name, json.member(text(JSON.stringify(name)), value)), isRequired });
		} else if (isRequired) {
			return null;
		}
	}
	const other = rest === null ? null : otherMember(compiler, shape, rest, names, hint);
	requireCount(shape, properties.length, other !== null);
	return membersRule(compiler, properties, other, hint);
}

function otherMember(compiler: SchemaCompiler, shape: Shape, rest: AllOf, names: Term | null, hint: string): Expression | null {
	const { grammar, json, terms } = compiler;
	const declared = [...new Set([...shape.properties.keys(), ...shape.required])];
	const value = rest.length === 0 ? json.value : compiler.compile(rest, join(shape.pointer, "additionalProperties"));
	if (value === null) {
		return null;
	}
	const anyName = terms.repeat(terms.chars(anyChar), 0, Number.POSITIVE_INFINITY);
	const allowed = terms.and(names ?? anyName, ...declared.map((name) => terms.not(terms.text(name))));
	const name = names === null && declared.length === 0 ? json.string(0, null) : json.stringOf(`${hint}-name`, allowed);
	return name === null ? null : grammar.add(`${hint}-other`, json.member(name, value));
}

function membersRule(
	{ grammar, json }: SchemaCompiler,
	properties: readonly Property[],
	other: Expression | null,
	hint: string,
): Expression {
	const comma = sequence(text(","), json.space);
	/** What may follow when something was written already; and what when nothing was. */
	let after: Expression = text("");
	let first: Expression | null = text("");
	if (other !== null) {
		const more = grammar.repeat(`${hint}-more`, sequence(comma, other), 0, null);
		after = more;
		first = options(sequence(other, more), text(""));
	}
	for (const { member, isRequired } of properties.toReversed()) {
		const begins = sequence(member, after);
		const continues = sequence(comma, member, after);
		first = isRequired ? begins : grammar.add(`${hint}-first`, options(begins, first));
		after = grammar.add(`${hint}-after`, isRequired ? continues : options(continues, after));
	}
	const isAlwaysEmpty = properties.length === 0 && other === null;
	return isAlwaysEmpty ? text("{}") : grammar.add(`${hint}-object`, sequence(text("{"), json.space, first, json.space, text("}")));
}
