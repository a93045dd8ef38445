import type { SchemaWork } from "../schema-work.ts";
import { assertions, join, type Keywords, type PlacedSchema, readKeywords, resolveReference, SchemaRefusal } from "./read-schema.ts";
import { type AllOf, isEqual, mergeShapes, type Shape, shapeOf } from "./shape.ts";

/** A schema may be the choice between at most this many shapes, */
const maxShapes = 256;
/** and its combinations and references be nested so deeply. */
const maxDepth = 40;

/** One document of the schemas that a grammar is made of. */
export class SchemaDocument {
	readonly #root: unknown;
	readonly #work: SchemaWork;

	constructor(root: unknown, work: SchemaWork) {
		this.#root = root;
		this.#work = work;
	}

	/** Keywords of a schema of this document. Throws SchemaRefusal, also when too much has been read. */
	read(schema: PlacedSchema): Keywords {
		this.#work.visit(schema.pointer);
		return readKeywords(schema);
	}

	/** The schema that a reference names. */
	resolve(reference: string, pointer: string): PlacedSchema {
		return resolveReference(this.#root, reference, pointer);
	}
}

function cross(as: readonly Shape[], bs: readonly Shape[], pointer: string): Shape[] {
	if (as.length * bs.length > maxShapes * 4) {
		throw new SchemaRefusal(`It is a choice between more than ${maxShapes} alternatives.`, pointer);
	}
	return as.flatMap((a) => bs.flatMap((b) => mergeShapes(a, b) ?? []));
}

/** The shapes of which a value must have one; none when the schema allows no value. Throws SchemaRefusal. */
export function expand(document: SchemaDocument, placed: PlacedSchema, depth = 0): Shape[] {
	const { schema, pointer } = placed;
	if (schema === false) {
		return [];
	}
	if (depth > maxDepth) {
		throw new SchemaRefusal("It is nested too deeply, or refers to itself without anything in between.", pointer);
	}
	const keywords = document.read(placed);
	const { $ref, allOf = [], anyOf, oneOf, ...own } = keywords;
	let shapes = assertions(own).length === 0 ? [shapeOf({}, pointer)] : [shapeOf(own, pointer)];
	if ($ref !== undefined) {
		shapes = cross(shapes, expand(document, document.resolve($ref, pointer), depth + 1), pointer);
	}
	for (const [index, part] of allOf.entries()) {
		shapes = cross(shapes, expand(document, { schema: part, pointer: join(pointer, "allOf", index) }, depth + 1), pointer);
	}
	for (const [keyword, parts] of [["anyOf", anyOf] as const, ["oneOf", oneOf] as const]) {
		if (parts !== undefined) {
			const choices = parts.map((part, index) => expand(document, { schema: part, pointer: join(pointer, keyword, index) }, depth + 1));
			if (keyword === "oneOf") {
				requireDisjoint(document, choices, pointer, depth);
			}
			shapes = cross(shapes, choices.flat(), pointer);
		}
	}
	if (shapes.length > maxShapes) {
		throw new SchemaRefusal(`It is a choice between more than ${maxShapes} alternatives.`, pointer);
	}
	return shapes;
}

/** The shapes of several schemas that must all hold. */
export function expandAll(document: SchemaDocument, all: AllOf, pointer: string, depth = 0): Shape[] {
	return all.reduce<Shape[]>((shapes, schema) => cross(shapes, expand(document, schema, depth), pointer), [shapeOf({}, pointer)]);
}

/** `oneOf` holds for exactly one of its schemas: what satisfies one must be sure to fail the others. */
export function requireDisjoint(document: SchemaDocument, choices: readonly (readonly Shape[])[], pointer: string, depth = 0): void {
	for (const [index, choice] of choices.entries()) {
		for (const other of choices.slice(index + 1)) {
			if (!choice.every((a) => other.every((b) => areDisjoint(document, a, b, depth + 1)))) {
				const message =
					'A value could satisfy several schemas of this "oneOf", which LMX cannot rule out. Use "anyOf", or give them a required property with different "const" values.';
				throw new SchemaRefusal(message, pointer, "oneOf");
			}
		}
	}
}

function areDisjoint(document: SchemaDocument, a: Shape, b: Shape, depth: number): boolean {
	const merged = mergeShapes(a, b);
	if (merged === null) {
		return true;
	}
	if (a.values !== null && b.values !== null) {
		return a.values.every((value) => !b.values?.some((other) => isEqual(value, other)));
	}
	if (depth > maxDepth || [...merged.types].some((type) => type !== "object")) {
		return false;
	}
	return [...merged.required].some((name) => {
		const all = merged.properties.get(name);
		return all !== undefined && all.length > 1 && isImpossible(document, all, merged.pointer, depth);
	});
}

function isImpossible(document: SchemaDocument, all: AllOf, pointer: string, depth: number): boolean {
	const shapes = expandAll(document, all, pointer, depth + 1);
	return shapes.every(({ types, values }) => values !== null && !values.some((value) => hasType(value, types)));
}

/** True when a JSON value has one of the types. */
export function hasType(value: unknown, types: Shape["types"]): boolean {
	if (value === null) {
		return types.has("null");
	}
	if (Array.isArray(value)) {
		return types.has("array");
	}
	if (typeof value === "number") {
		return types.has("number") || (types.has("integer") && Number.isInteger(value));
	}
	return types.has(typeof value as "object" | "string" | "boolean");
}
