import { z } from "zod";

const count = z.int().min(0);
const anySchema = z.union([z.boolean(), z.record(z.string(), z.unknown())]);
const jsonTypes = ["object", "array", "string", "number", "integer", "boolean", "null"] as const;

/** The keywords of JSON Schema 2020-12 that are enforced, and those that enforce nothing. */
const keywordsSchema = z.strictObject({
	type: z.union([z.enum(jsonTypes), z.array(z.enum(jsonTypes)).min(1)]).optional(),
	/** OpenAPI 3.0. */
	nullable: z.boolean().optional(),
	enum: z.array(z.unknown()).min(1).max(2000).optional(),
	const: z.unknown().optional(),
	properties: z.record(z.string(), anySchema).optional(),
	required: z.array(z.string()).optional(),
	additionalProperties: anySchema.optional(),
	propertyNames: anySchema.optional(),
	minProperties: count.optional(),
	maxProperties: count.optional(),
	prefixItems: z.array(anySchema).optional(),
	items: anySchema.optional(),
	minItems: count.optional(),
	maxItems: count.optional(),
	uniqueItems: z.literal(false).optional(),
	minLength: count.optional(),
	maxLength: count.optional(),
	pattern: z.string().max(2000).optional(),
	format: z.string().optional(),
	minimum: z.number().optional(),
	maximum: z.number().optional(),
	exclusiveMinimum: z.number().optional(),
	exclusiveMaximum: z.number().optional(),
	anyOf: z.array(anySchema).min(1).optional(),
	oneOf: z.array(anySchema).min(1).optional(),
	allOf: z.array(anySchema).min(1).optional(),
	$ref: z.string().optional(),
	$defs: z.record(z.string(), z.unknown()).optional(),
	definitions: z.record(z.string(), z.unknown()).optional(),
	$schema: z.string().optional(),
	$id: z.string().optional(),
	$comment: z.string().optional(),
	title: z.string().optional(),
	description: z.string().optional(),
	default: z.unknown().optional(),
	examples: z.unknown().optional(),
	example: z.unknown().optional(),
	deprecated: z.boolean().optional(),
	readOnly: z.boolean().optional(),
	writeOnly: z.boolean().optional(),
	/** OpenAPI 3.0; it says nothing that `oneOf` does not. */
	discriminator: z.unknown().optional(),
});

const annotations: readonly string[] = [
	"$defs",
	"definitions",
	"$schema",
	"$id",
	"$comment",
	"title",
	"description",
	"default",
	"examples",
	"example",
	"deprecated",
	"readOnly",
	"writeOnly",
	"discriminator",
	"uniqueItems",
];

/** A type of JSON; an integer is a number too. */
export type JsonType = (typeof jsonTypes)[number];

/** The keywords of one schema. */
export type Keywords = z.infer<typeof keywordsSchema>;

/** A schema and where it stands in the document: a JSON pointer (RFC 6901). */
export interface PlacedSchema {
	readonly schema: boolean | Readonly<Record<string, unknown>>;
	readonly pointer: string;
}

/** A schema that cannot be enforced: what is wrong, and where. */
export class SchemaRefusal extends Error {
	readonly pointer: string;
	/** The keyword that is not enforced; null when the schema itself is not valid or allows nothing. */
	readonly keyword: string | null;

	constructor(message: string, pointer: string, keyword: string | null = null) {
		super(message);
		this.pointer = pointer;
		this.keyword = keyword;
	}
}

/** Adds a name to a JSON pointer. */
export function join(pointer: string, ...names: readonly (string | number)[]): string {
	return names.reduce<string>((path, name) => `${path}/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`, pointer);
}

/** Reads the keywords of a schema; throws SchemaRefusal for one that is not enforced or not valid. */
export function readKeywords({ schema, pointer }: PlacedSchema): Keywords {
	if (schema === true) {
		return {};
	}
	if (schema === false) {
		throw new SchemaRefusal("It allows no value.", pointer);
	}
	const own = Object.fromEntries(Object.entries(schema).filter(([name]) => !name.startsWith("x-")));
	const read = keywordsSchema.safeParse(own);
	if (read.success) {
		return read.data;
	}
	const [issue] = read.error.issues;
	if (issue?.code === "unrecognized_keys") {
		const [keyword = ""] = issue.keys;
		throw new SchemaRefusal(`LMX does not enforce the keyword "${keyword}".`, pointer, keyword);
	}
	const [keyword] = issue?.path ?? [];
	if (keyword === "uniqueItems") {
		throw new SchemaRefusal('LMX does not enforce the keyword "uniqueItems".', pointer, keyword);
	}
	throw new SchemaRefusal(`The keyword "${String(keyword)}" is not valid: ${issue?.message}.`, pointer);
}

/** The keywords that say something about the value. */
export function assertions(keywords: Keywords): string[] {
	return Object.keys(keywords).filter((name) => !annotations.includes(name));
}

/** Finds the schema that a reference names: a JSON pointer into the same document. Throws SchemaRefusal. */
export function resolveReference(root: unknown, reference: string, pointer: string): PlacedSchema {
	const refusal = new SchemaRefusal(`The reference "${reference}" leads to no schema of this document.`, pointer);
	if (reference !== "#" && !reference.startsWith("#/")) {
		throw refusal;
	}
	let target = root;
	let place = "";
	try {
		for (const part of decodeURIComponent(reference).split("/").slice(1)) {
			const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
			if (typeof target !== "object" || target === null || !Object.hasOwn(target, name)) {
				throw refusal;
			}
			target = (target as Record<string, unknown>)[name];
			place = join(place, name);
		}
	} catch {
		throw refusal;
	}
	const found = anySchema.safeParse(target);
	if (!found.success) {
		throw refusal;
	}
	return { schema: found.data, pointer: place };
}
