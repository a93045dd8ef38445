import { type Expression, text } from "../expression.ts";
import { anyChar } from "../text/char-set.ts";
import { boundedNumber } from "../text/number-terms.ts";
import { PatternRefusal, parsePattern } from "../text/parse-pattern.ts";
import { formatPatterns } from "../text/string-formats.ts";
import { PatternTooLargeError, type Term } from "../text/terms.ts";
import type { SchemaCompiler } from "./compile-schema.ts";
import { hasType } from "./expand.ts";
import { SchemaRefusal } from "./read-schema.ts";
import type { Shape } from "./shape.ts";

/** Longest text whose length is counted beside a pattern. */
const maxCountedLength = 500;

/** Formats of JSON Schema itself that are not enforced; any other name means what the pattern beside it says. */
const otherFormats: readonly string[] = [
	...["duration", "regex", "json-pointer", "relative-json-pointer", "uri-template", "uri-reference"],
	...["iri", "iri-reference", "idn-email", "idn-hostname"],
];

/** The texts of one pattern or format; null for a name that a pattern beside it explains, as zod writes it. */
function patternTerm({ terms }: SchemaCompiler, shape: Shape, { kind, source, pointer }: Shape["patterns"][number]): Term | null {
	const pattern = kind === "pattern" ? source : formatPatterns[source];
	if (pattern === undefined) {
		if (!otherFormats.includes(source) && shape.patterns.some((other) => other.kind === "pattern")) {
			return null;
		}
		const known = Object.keys(formatPatterns).join(", ");
		throw new SchemaRefusal(`LMX does not enforce the format "${source}". It enforces ${known}.`, pointer, "format");
	}
	try {
		return parsePattern(terms, pattern);
	} catch (error) {
		if (error instanceof PatternRefusal) {
			throw new SchemaRefusal(`LMX cannot enforce the pattern ${JSON.stringify(source)}: ${error.message}.`, pointer, "pattern");
		}
		throw error;
	}
}

/** The texts that a shape allows; null when any text of a bounded length will do. */
function textTerm(compiler: SchemaCompiler, shape: Shape): Term | null {
	const { patterns, minLength, maxLength } = shape;
	if (patterns.length === 0) {
		return null;
	}
	const { terms } = compiler;
	const parts = patterns.flatMap((pattern) => patternTerm(compiler, shape, pattern) ?? []);
	if (minLength > 0 || maxLength !== null) {
		if (Math.max(minLength, maxLength ?? 0) > maxCountedLength) {
			const message = `Beside a pattern or format LMX counts up to ${maxCountedLength} characters. Lower the length, or put it into the pattern.`;
			throw new SchemaRefusal(message, shape.pointer, maxLength === null ? "minLength" : "maxLength");
		}
		parts.push(terms.repeat(terms.chars(anyChar), minLength, maxLength ?? Number.POSITIVE_INFINITY));
	}
	return terms.and(...parts);
}

function build(shape: Shape, make: () => Expression | null): Expression | null {
	try {
		return make();
	} catch (error) {
		if (error instanceof PatternTooLargeError) {
			throw new SchemaRefusal("Its pattern, format and length together are too large to be enforced.", shape.pointer, "pattern");
		}
		throw error;
	}
}

/** The rule of a string; null when no text fits. */
export function stringRule(compiler: SchemaCompiler, shape: Shape, hint: string): Expression | null {
	const { json } = compiler;
	const { minLength, maxLength } = shape;
	return build(shape, () => {
		const language = textTerm(compiler, shape);
		if (language !== null) {
			return json.stringOf(hint, language);
		}
		return maxLength !== null && minLength > maxLength ? null : json.string(minLength, maxLength);
	});
}

/** The texts that a shape allows as names of properties. */
export function nameTerm(compiler: SchemaCompiler, shape: Shape): Term {
	const { terms } = compiler;
	if (shape.values !== null) {
		return terms.or(...shape.values.filter((value) => typeof value === "string").map((value) => terms.text(value)));
	}
	const any = terms.repeat(terms.chars(anyChar), shape.minLength, shape.maxLength ?? Number.POSITIVE_INFINITY);
	return shape.types.has("string") ? (textTerm(compiler, shape) ?? any) : terms.nothing;
}

/** The rule of a number; null when none lies within the bounds. */
export function numberRule({ json, terms }: SchemaCompiler, shape: Shape, hint: string): Expression | null {
	const { min, max } = shape.numbers;
	const isInteger = !shape.types.has("number");
	if (min === null && max === null) {
		return isInteger ? json.integer : json.number;
	}
	return build(shape, () => json.numberOf(hint, boundedNumber(terms, isInteger, shape.numbers)));
}

function fits(compiler: SchemaCompiler, shape: Shape, value: unknown): boolean {
	if (!hasType(value, shape.types)) {
		return false;
	}
	if (typeof value === "string") {
		const language = textTerm(compiler, shape);
		const { length } = [...value];
		return (
			length >= shape.minLength &&
			(shape.maxLength === null || length <= shape.maxLength) &&
			(language === null || compiler.terms.matches(language, value))
		);
	}
	if (typeof value === "number") {
		const { min, max, excludesMin, excludesMax } = shape.numbers;
		return (min === null || (excludesMin ? value > min : value >= min)) && (max === null || (excludesMax ? value < max : value <= max));
	}
	const hasMore =
		shape.properties.size > 0 ||
		shape.required.size > 0 ||
		shape.additional !== null ||
		shape.propertyNames.length > 0 ||
		shape.prefixItems.length > 0 ||
		shape.items !== null ||
		shape.minItems > 0 ||
		shape.maxItems !== null;
	if (hasMore && typeof value === "object" && value !== null) {
		const message = 'LMX does not check objects and arrays of "enum" or "const" against further keywords. Remove those.';
		throw new SchemaRefusal(message, shape.pointer, "enum");
	}
	return true;
}

/** The rule of listed values: those that satisfy the rest of the schema too, as JSON without white space. */
export function valuesRule(compiler: SchemaCompiler, shape: Shape, values: readonly unknown[]): Expression[] {
	const written = values.filter((value) => fits(compiler, shape, value)).map((value) => JSON.stringify(value));
	return [...new Set(written)].map(text);
}
