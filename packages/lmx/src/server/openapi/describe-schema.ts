import type { JsonSchema } from "./openapi-document.ts";

/** One parameter or field, for a person to read. */
export interface FieldRow {
	/** Its place in the body: `messages[].content`. */
	readonly name: string;
	readonly type: string;
	readonly isRequired: boolean;
	readonly description: string;
}

/** Of a long list of values, as many are shown. */
const mostValues = 12;

/** Deeper fields are left to the machine-readable document. */
const deepest = 3;

/** The schemas of which a value fits one; that it may also be null is left out. */
function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
	const choices = schema.anyOf ?? schema.oneOf;
	return choices === undefined ? [schema] : choices.flatMap(alternativesOf).filter(({ type }) => type !== "null");
}

function boundsOf({ minimum, maximum, exclusiveMinimum, minLength, maxLength, minItems, maxItems, pattern, format }: JsonSchema): string {
	if (typeof format === "string") {
		return format;
	}
	const limits = [
		[minimum, "at least"],
		[exclusiveMinimum, "above"],
		[maximum, "at most"],
		[minLength, "characters at least"],
		[maxLength, "characters at most"],
		[minItems, "items at least"],
		[maxItems, "items at most"],
	] as const;
	const isSafeBound = (value: unknown): boolean => typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER;
	const texts = limits.filter(([value]) => isSafeBound(value)).map(([value, text]) => `${text} ${value}`);
	return [...texts, ...(typeof pattern === "string" ? [`like ${pattern}`] : [])].join(", ");
}

/** The type of a schema in a few words. */
export function typeOf(schema: JsonSchema): string {
	const alternatives = alternativesOf(schema);
	if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
		const types = [...new Set(alternatives.map(typeOf))];
		return types.length === 0 ? "null" : types.join(" or ");
	}
	if (schema.const !== undefined) {
		return JSON.stringify(schema.const);
	}
	if (schema.enum !== undefined) {
		const values = schema.enum.map((value) => JSON.stringify(value));
		return values.length > mostValues
			? `${values.slice(0, mostValues).join(" or ")} or ${values.length - mostValues} more`
			: values.join(" or ");
	}
	if (schema.type === "array") {
		return `list of ${schema.items === undefined ? "anything" : typeOf(schema.items)}`;
	}
	const types = [schema.type ?? "anything"].flat();
	const type = types.length > 1 ? types.filter((each) => each !== "null").join(" or ") : types.join("");
	const bounds = boundsOf(schema);
	return bounds === "" ? type : `${type} (${bounds})`;
}

/** The objects inside a schema, through lists and alternatives, each with the fields that it has. */
function innerObjects(schema: JsonSchema, prefix: string, depth: number): FieldRow[][] {
	return alternativesOf(schema).flatMap((each) => {
		if (each.type === "array" && each.items !== undefined) {
			return innerObjects(each.items, `${prefix}[]`, depth);
		}
		return each.properties === undefined ? [] : [fieldsOf(each, `${prefix}.`, depth)];
	});
}

/** Fields inside a schema. Those of the same name are one row, which is required where every alternative wants it. */
function innerRows(schema: JsonSchema, prefix: string, depth: number): FieldRow[] {
	const objects = innerObjects(schema, prefix, depth);
	const byName = new Map<string, FieldRow>();
	for (const row of objects.flat()) {
		const known = byName.get(row.name);
		const types = known === undefined ? [row.type] : [...new Set([...known.type.split(" or "), ...row.type.split(" or ")])];
		byName.set(row.name, { ...(known ?? row), type: types.join(" or ") });
	}
	const isRequired = (name: string): boolean => objects.every((rows) => rows.some((row) => row.name === name && row.isRequired));
	return [...byName.values()].map((row) => ({ ...row, isRequired: isRequired(row.name) }));
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema, prefix: string, depth: number): FieldRow[] {
	return Object.entries(properties).flatMap(([key, schema]) => {
		const name = `${prefix}${key}`;
		const [only] = alternativesOf(schema);
		const description = schema.description ?? only?.description ?? "";
		const row = { name, type: typeOf(schema), isRequired: required.includes(key), description };
		return [row, ...(depth < deepest ? innerRows(schema, name, depth + 1) : [])];
	});
}

/** The fields of a body, the nested ones after the one that they belong to. */
export function describeFields(schema: JsonSchema): FieldRow[] {
	const rows = schema.properties === undefined ? innerRows(schema, "", 1) : fieldsOf(schema, "", 1);
	return rows.map((row) => ({ ...row, name: row.name.replace(/^\./, "") }));
}
