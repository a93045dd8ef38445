import { type Expression, options, sequence, text } from "../expression.ts";
import type { SchemaCompiler } from "./compile-schema.ts";
import { join } from "./read-schema.ts";
import type { Shape } from "./shape.ts";

/**
 * The rule of an array; null when none is possible. A tuple is written whole unless `maxItems` cuts it, and has
 * no further items unless `items` or `minItems` ask for them.
 */
export function arrayRule(compiler: SchemaCompiler, shape: Shape, hint: string): Expression | null {
	const { grammar, json } = compiler;
	const { prefixItems, items, minItems, maxItems } = shape;
	const most = maxItems ?? Number.POSITIVE_INFINITY;
	if (minItems > most) {
		return null;
	}
	const tuple = prefixItems.slice(0, most).map((all, index) => compiler.compile(all, join(shape.pointer, "prefixItems", index)));
	const lead = tuple.filter((item) => item !== null);
	if (lead.length < tuple.length) {
		return minItems <= lead.length && tuple.indexOf(null) === lead.length ? closedTuple(compiler, lead) : null;
	}
	const minMore = Math.max(0, minItems - lead.length);
	const maxMore = most - lead.length;
	const isOpen = items === null ? lead.length === 0 || minMore > 0 : items !== "closed";
	const item =
		isOpen && maxMore > 0
			? items === null || items === "closed"
				? json.value
				: compiler.compile(items, join(shape.pointer, "items"))
			: null;
	if (item === null) {
		return minMore > 0 ? null : closedTuple(compiler, lead);
	}
	const max = maxMore === Number.POSITIVE_INFINITY ? null : maxMore;
	if (lead.length === 0) {
		return grammar.add(`${hint}-array`, json.list("[", "]", item, minMore, max));
	}
	const more = grammar.repeat(`${hint}-next`, sequence(text(","), json.space, item), minMore, max);
	return grammar.add(`${hint}-array`, sequence(text("["), json.space, ...separated(compiler, lead), more, json.space, text("]")));
}

function separated({ json }: SchemaCompiler, items: readonly Expression[]): Expression[] {
	return items.flatMap((item, index) => (index === 0 ? [item] : [text(","), json.space, item]));
}

function closedTuple(compiler: SchemaCompiler, items: readonly Expression[]): Expression {
	const { json } = compiler;
	return items.length === 0 ? text("[]") : options(sequence(text("["), json.space, ...separated(compiler, items), json.space, text("]")));
}
