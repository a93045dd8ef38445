import type { NumberBounds } from "../text/number-terms.ts";
import { type JsonType, join, type Keywords, type PlacedSchema, SchemaRefusal } from "./read-schema.ts";

/** All of these must hold. */
export type AllOf = readonly PlacedSchema[];

/** What one schema without alternatives says about a value; several such are merged into one. */
export interface Shape {
	/** Where it stands, for messages. */
	readonly pointer: string;
	/** `number` comes with `integer`; a number that must be whole has `integer` alone. */
	readonly types: ReadonlySet<JsonType>;
	/** Null: not listed. */
	readonly values: readonly unknown[] | null;
	readonly numbers: NumberBounds;
	readonly minLength: number;
	readonly maxLength: number | null;
	readonly patterns: readonly { readonly kind: "pattern" | "format"; readonly source: string; readonly pointer: string }[];
	readonly properties: ReadonlyMap<string, AllOf>;
	readonly required: ReadonlySet<string>;
	/** Null: not said; `closed`: no others. */
	readonly additional: AllOf | "closed" | null;
	readonly propertyNames: AllOf;
	readonly minProperties: number;
	readonly maxProperties: number | null;
	readonly prefixItems: readonly AllOf[];
	readonly items: AllOf | "closed" | null;
	readonly minItems: number;
	readonly maxItems: number | null;
}

const allTypes: readonly JsonType[] = ["object", "array", "string", "number", "integer", "boolean", "null"];

/** For a schema that names no type but says something that only one type can have. */
const typeKeywords: readonly (readonly [JsonType, readonly (keyof Keywords)[]])[] = [
	["object", ["properties", "required", "additionalProperties", "propertyNames", "minProperties", "maxProperties"]],
	["array", ["items", "prefixItems", "minItems", "maxItems"]],
	["string", ["minLength", "maxLength", "pattern", "format"]],
	["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]],
];

function typesOf(keywords: Keywords): Set<JsonType> {
	const { type } = keywords;
	const meant = typeKeywords.filter(([, names]) => names.some((name) => keywords[name] !== undefined)).map(([name]) => name);
	const named = type === undefined ? (meant.length > 0 ? meant : allTypes) : [type].flat();
	return new Set([
		...named,
		...(named.includes("number") ? ["integer" as const] : []),
		...(keywords.nullable === true ? ["null" as const] : []),
	]);
}

function numbersOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Keywords): NumberBounds {
	const low = tighter({ value: minimum ?? null, excludes: false }, { value: exclusiveMinimum ?? null, excludes: true }, 1);
	const high = tighter({ value: maximum ?? null, excludes: false }, { value: exclusiveMaximum ?? null, excludes: true }, -1);
	return { min: low.value, excludesMin: low.excludes, max: high.value, excludesMax: high.excludes };
}

interface Bound {
	readonly value: number | null;
	readonly excludes: boolean;
}

/** `direction` 1: the higher bound is the tighter one. */
function tighter(a: Bound, b: Bound, direction: 1 | -1): Bound {
	if (a.value === null || b.value === null) {
		return a.value === null ? b : a;
	}
	if (a.value === b.value) {
		return { value: a.value, excludes: a.excludes || b.excludes };
	}
	return (a.value - b.value) * direction > 0 ? a : b;
}

function placed(schema: PlacedSchema["schema"], pointer: string): AllOf {
	return [{ schema, pointer }];
}

function restOf(schema: PlacedSchema["schema"] | undefined, pointer: string): AllOf | "closed" | null {
	return schema === undefined ? null : schema === false ? "closed" : placed(schema, pointer);
}

/** What the keywords of one schema say, without its references and combinations. */
export function shapeOf(keywords: Keywords, pointer: string): Shape {
	const { pattern, format, properties = {}, prefixItems = [] } = keywords;
	const values = keywords.const !== undefined || "const" in keywords ? [keywords.const] : null;
	return {
		pointer,
		types: typesOf(keywords),
		values: intersectValues(values, keywords.enum ?? null),
		numbers: numbersOf(keywords),
		minLength: keywords.minLength ?? 0,
		maxLength: keywords.maxLength ?? null,
		patterns: [
			...(pattern === undefined ? [] : [{ kind: "pattern", source: pattern, pointer } as const]),
			...(format === undefined ? [] : [{ kind: "format", source: format, pointer } as const]),
		],
		properties: new Map(
			Object.entries(properties).map(([name, schema]) => [name, placed(schema, join(pointer, "properties", name))] as const),
		),
		required: new Set(keywords.required),
		additional: restOf(keywords.additionalProperties, join(pointer, "additionalProperties")),
		propertyNames: keywords.propertyNames === undefined ? [] : placed(keywords.propertyNames, join(pointer, "propertyNames")),
		minProperties: keywords.minProperties ?? 0,
		maxProperties: keywords.maxProperties ?? null,
		prefixItems: prefixItems.map((schema, index) => placed(schema, join(pointer, "prefixItems", index))),
		items: restOf(keywords.items, join(pointer, "items")),
		minItems: keywords.minItems ?? 0,
		maxItems: keywords.maxItems ?? null,
	};
}

/** True when two JSON values are equal; the order of names does not matter. */
export function isEqual(a: unknown, b: unknown): boolean {
	return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
	return JSON.stringify(value, (_name, inner: unknown) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
			: inner,
	);
}

function intersectValues(a: Shape["values"], b: Shape["values"]): Shape["values"] {
	return a === null || b === null ? (a ?? b) : a.filter((value) => b.some((other) => isEqual(value, other)));
}

function lower(a: number | null, b: number | null): number | null {
	return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function both(a: Shape["additional"], b: Shape["additional"]): Shape["additional"] {
	if (a === "closed" || b === "closed") {
		return "closed";
	}
	return a === null || b === null ? (a ?? b) : [...a, ...b];
}

/** What one side says of a property that only the other side declares. */
function undeclared(own: AllOf, rest: Shape["additional"]): AllOf {
	return rest === "closed" ? [...own, { schema: false, pointer: own[0]?.pointer ?? "" }] : [...own, ...(rest ?? [])];
}

function mergeProperties(a: Shape, b: Shape): Map<string, AllOf> {
	const merged = new Map<string, AllOf>();
	for (const name of new Set([...a.properties.keys(), ...b.properties.keys()])) {
		const [first, second] = [a.properties.get(name), b.properties.get(name)];
		merged.set(
			name,
			first === undefined
				? undeclared(second ?? [], a.additional)
				: second === undefined
					? undeclared(first, b.additional)
					: [...first, ...second],
		);
	}
	return merged;
}

function mergePrefix(a: Shape, b: Shape): AllOf[] {
	return Array.from({ length: Math.max(a.prefixItems.length, b.prefixItems.length) }, (_, index) => {
		const [first, second] = [a.prefixItems[index], b.prefixItems[index]];
		return first === undefined
			? undeclared(second ?? [], a.items)
			: second === undefined
				? undeclared(first, b.items)
				: [...first, ...second];
	});
}

/** What both shapes say together; null when no value can satisfy both. */
export function mergeShapes(a: Shape, b: Shape): Shape | null {
	const types = new Set([...a.types].filter((type) => b.types.has(type)));
	const values = intersectValues(a.values, b.values);
	if (types.size === 0 || values?.length === 0) {
		return null;
	}
	const low = tighter(
		{ value: a.numbers.min, excludes: a.numbers.excludesMin },
		{ value: b.numbers.min, excludes: b.numbers.excludesMin },
		1,
	);
	const high = tighter(
		{ value: a.numbers.max, excludes: a.numbers.excludesMax },
		{ value: b.numbers.max, excludes: b.numbers.excludesMax },
		-1,
	);
	return {
		pointer: a.pointer.length >= b.pointer.length ? a.pointer : b.pointer,
		types,
		values,
		numbers: { min: low.value, excludesMin: low.excludes, max: high.value, excludesMax: high.excludes },
		minLength: Math.max(a.minLength, b.minLength),
		maxLength: lower(a.maxLength, b.maxLength),
		patterns: [...a.patterns, ...b.patterns],
		properties: mergeProperties(a, b),
		required: new Set([...a.required, ...b.required]),
		additional: both(a.additional, b.additional),
		propertyNames: [...a.propertyNames, ...b.propertyNames],
		minProperties: Math.max(a.minProperties, b.minProperties),
		maxProperties: lower(a.maxProperties, b.maxProperties),
		prefixItems: mergePrefix(a, b),
		items: both(a.items, b.items),
		minItems: Math.max(a.minItems, b.minItems),
		maxItems: lower(a.maxItems, b.maxItems),
	};
}

/** The refusal of a schema that no value can satisfy. */
export function unsatisfiable(pointer: string): SchemaRefusal {
	return new SchemaRefusal("It allows no value.", pointer);
}
