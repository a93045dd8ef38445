import type { ResponseFormat } from "@opta/contracts/schema/lmx-chat";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { afterBytes, startCursor } from "../engine/grammar/grammar-cursor.ts";
import { GrammarMachine } from "../engine/grammar/grammar-machine.ts";
import { parseGbnf } from "../engine/grammar/parse-gbnf.ts";
import type { Answer } from "../serving/backend.ts";
import { GbnfText } from "../testing/gbnf-text.ts";
import { answerGrammar } from "./answer-grammar.ts";

const ajv = new Ajv2020({ strict: false });
addFormats.default(ajv);

type Schema = Record<string, unknown>;

function responseGrammar(format: ResponseFormat): Answer<string> {
	const made = answerGrammar({ response_format: format }, null, "plain");
	return made.ok ? { ok: true, value: made.value?.gbnf ?? "" } : made;
}

function grammarOf(schema: Schema, strict = false): Answer<string> {
	return responseGrammar({ type: "json_schema", json_schema: { name: "answer", schema, strict } });
}

function texts(schema: Schema, count = 40, strict = false): string[] {
	const compiled = grammarOf(schema, strict);
	if (!compiled.ok) {
		throw new Error(`${compiled.error.message} ${JSON.stringify(schema)}`);
	}
	const grammar = new GbnfText(compiled.value);
	let seed = 1;
	const choose = (below: number): number => {
		seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
		return Math.floor((seed / 2 ** 32) * below);
	};
	return Array.from({ length: count }, () => grammar.make(choose, 200));
}

function refusal(schema: Schema): { code: string; pointer: unknown; message: string } {
	const compiled = grammarOf(schema);
	if (compiled.ok) {
		throw new Error(`not refused: ${JSON.stringify(schema)}`);
	}
	const { code, message, details } = compiled.error;
	return { code, message, pointer: details?.pointer };
}

const name = fc.constantFrom("a", "b", "long name", 'üñ/~"\\', "__proto__x");
const small = fc.integer({ min: 0, max: 4 });
const scalar: fc.Arbitrary<Schema> = fc.oneof(
	fc.constant({ type: "boolean" }),
	fc.constant({ type: "null" }),
	fc.constant({ type: ["string", "null"] }),
	fc.record({ type: fc.constant("string"), minLength: small, maxLength: fc.integer({ min: 4, max: 9 }) }),
	fc.record({ type: fc.constant("string"), maxLength: fc.constantFrom(30, 2500, 6000) }),
	fc.record({
		type: fc.constant("string"),
		pattern: fc.constantFrom("^[a-z]+\\d?$", "x", "^(?!no)\\w+$", '^[^\\n"]{2,5}$', 'é|["\\\\]', "^a|b$"),
		minLength: fc.constantFrom(0, 2),
		maxLength: fc.constantFrom(5, 12),
	}),
	fc.record({ type: fc.constant("string"), format: fc.constantFrom("date", "time", "date-time", "uuid", "ipv4", "ipv6") }),
	fc.record({ type: fc.constant("integer"), minimum: fc.integer({ min: -50, max: 0 }), maximum: fc.integer({ min: 1, max: 999 }) }),
	fc.record({ type: fc.constant("number"), exclusiveMinimum: fc.constantFrom(-1.5, 0, 0.25), maximum: fc.constantFrom(0.5, 3, 12.75) }),
	fc.constant({ type: "integer", exclusiveMaximum: 0 }),
	fc.constant({ type: "number" }),
	fc.constant({ enum: ["x", 1, null, { deep: ["y"] }, "line\nbreak"] }),
	fc.constant({ const: 'fixed "value"' }),
	fc.constant({ type: "integer", enum: [1, 2, "three", 4.5] }),
	fc.constant({}),
);
const tree = fc.letrec<{ schema: Schema }>((tie) => {
	const schema = tie("schema");
	const properties = fc.dictionary(name, schema, { maxKeys: 4, noNullPrototype: true });
	return {
		schema: fc.oneof(
			{ maxDepth: 3, depthIdentifier: "schema" },
			scalar,
			fc
				.tuple(properties, fc.array(name, { maxLength: 2 }), fc.option(fc.oneof(fc.boolean(), schema), { nil: undefined }))
				.map(([declared, required, additionalProperties]) => ({
					type: "object",
					properties: declared,
					required: [...new Set(required)].filter((each) => each in declared),
					...(additionalProperties === undefined ? {} : { additionalProperties }),
				})),
			fc.record({ type: fc.constant("object"), additionalProperties: schema, propertyNames: fc.constant({ pattern: "^[a-z]{1,3}$" }) }),
			fc.record({
				type: fc.constant("array"),
				items: schema,
				minItems: fc.integer({ min: 0, max: 2 }),
				maxItems: fc.integer({ min: 2, max: 4 }),
			}),
			fc.record({
				type: fc.constant("array"),
				prefixItems: fc.array(schema, { minLength: 1, maxLength: 3 }),
				items: fc.oneof(schema, fc.boolean()),
			}),
			fc.array(schema, { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
			fc.tuple(properties, properties).map(([first, second]) => ({
				allOf: [
					{ type: "object", properties: first },
					{ properties: second, required: Object.keys(second).filter((each) => !(each in first)) },
				],
			})),
			schema.map((inner) => ({ $defs: { "in/ner~": inner }, type: "object", properties: { ref: inner }, required: ["ref"] })),
		),
	};
});

describe("the grammar of a schema", () => {
	it("allows only texts that validate, whatever the schema", () => {
		fc.assert(
			fc.property(tree.schema, fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })), (schema, stream) => {
				const compiled = grammarOf(schema);
				if (!compiled.ok) {
					expect(compiled.error.message).toMatch(/allows no|counts up to|does not check objects/);
					return;
				}
				const grammar = new GbnfText(compiled.value);
				const machine = new GrammarMachine(parseGbnf(compiled.value, () => null));
				const validate = ajv.compile(schema);
				for (let run = 0; run < 5; run++) {
					const text = grammar.make((below) => Math.floor((stream.next().value as number) * below), 150);
					expect(validate(JSON.parse(text)), `${text} ${JSON.stringify(validate.errors)}`).toBe(true);
					expect(afterBytes(machine, startCursor(machine), Buffer.from(text))?.state.canEnd, text).toBe(true);
				}
			}),
			{ numRuns: 80 },
		);
	}, 30_000);

	it("holds required properties, and any subset of the others in the schema's order", () => {
		const made = texts({ type: "object", properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } }, required: ["b"] }, 200);
		const keys = new Set(made.map((text) => Object.keys(JSON.parse(text)).join("")));
		expect(keys).toEqual(new Set(["b", "ab", "bc", "abc"]));
	});

	it("closes objects that declare properties, and opens those that say so", () => {
		const properties = { a: { type: "integer" } };
		const extra = (schema: Schema, strict = false): boolean =>
			texts(schema, 60, strict).some((text) => Object.keys(JSON.parse(text)).some((key) => key !== "a"));
		expect(extra({ type: "object", properties })).toBe(false);
		expect(extra({ type: "object", properties, additionalProperties: true })).toBe(true);
		expect(extra({ type: "object" })).toBe(true);
		expect(extra({ type: "object" }, true)).toBe(false);
	});

	it("follows references, also a schema into itself", () => {
		const schema = {
			$defs: {
				"tree/node": { type: "object", properties: { v: { type: "integer" }, next: { $ref: "#/$defs/tree~1node" } }, required: ["v"] },
			},
			anyOf: [{ $ref: "#/$defs/tree~1node" }, { type: "array", items: { $ref: "#" }, maxItems: 2 }],
		};
		const validate = ajv.compile(schema);
		const made = texts(schema, 200);
		expect(made.every((text) => validate(JSON.parse(text)))).toBe(true);
		expect(made.some((text) => text.includes('"next"'))).toBe(true);
	});

	it("tells apart what oneOf must tell apart", () => {
		const shape = (kind: string, own: Schema): Schema => ({
			type: "object",
			properties: { kind: { const: kind }, ...own },
			required: ["kind"],
		});
		const schema = { oneOf: [shape("circle", { r: { type: "number" } }), shape("square", { a: { type: "number" } }), { type: "null" }] };
		const validate = ajv.compile(schema);
		expect(texts(schema, 100).every((text) => validate(JSON.parse(text)))).toBe(true);
		expect(
			refusal({
				oneOf: [
					{ type: "object", properties: { a: {} } },
					{ type: "object", properties: { b: {} } },
				],
			}),
		).toMatchObject({
			code: "unsupported_parameter",
			message: expect.stringContaining("oneOf"),
		});
	});

	it("takes what zod writes", () => {
		const shape = z.object({
			id: z.uuid(),
			mail: z.email(),
			at: z.iso.datetime({ offset: true }),
			code: z.string().lowercase().min(2).max(8),
			share: z.number().positive().max(1),
			count: z.int().nullable(),
			kind: z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), x: z.string() }), z.object({ kind: z.literal("b") })]),
			marks: z.record(z.string().regex(/^[a-z]+$/), z.boolean()),
			pair: z.tuple([z.string(), z.number()]),
			more: z.string().optional(),
		});
		const made = texts(z.toJSONSchema(shape), 60, true);
		expect(made.map((text) => shape.safeParse(JSON.parse(text)).error)).toEqual(made.map(() => undefined));
	});

	it("writes nothing but an object for json_object", () => {
		const compiled = responseGrammar({ type: "json_object" });
		const grammar = new GbnfText(compiled.ok ? compiled.value : "");
		for (let seed = 1; seed < 50; seed++) {
			let state = seed;
			const text = grammar.make((below) => {
				state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
				return Math.floor((state / 2 ** 32) * below);
			}, 100);
			expect(JSON.parse(text)).toBeTypeOf("object");
			expect(text.startsWith("{")).toBe(true);
		}
	});

	it.each<[Schema, string, string]>([
		[{ type: "array", uniqueItems: true }, "", "uniqueItems"],
		[{ type: "object", properties: { "a/b": { type: "number", multipleOf: 3 } } }, "/properties/a~1b", "multipleOf"],
		[{ type: "object", patternProperties: {} }, "", "patternProperties"],
		[{ not: {} }, "", "not"],
		[{ items: { type: "string", format: "duration" } }, "/items", "duration"],
		[{ anyOf: [{ type: "string" }, { type: "string", pattern: "(a)\\1" }] }, "/anyOf/1", "\\\\1"],
		[{ type: "object", minProperties: 2 }, "", "minProperties"],
		[{ type: "object", maxProperties: 2 }, "", "maxProperties"],
	])("names what it cannot enforce in %j", (schema, pointer, mentioned) => {
		expect(refusal(schema)).toMatchObject({ code: "unsupported_parameter", pointer, message: expect.stringMatching(mentioned) });
	});

	it.each<[Schema, string]>([
		[{ type: "strin" }, "not valid"],
		[{ $ref: "#/nowhere" }, "leads to no schema"],
		[{ $ref: "https://example.com/schema" }, "leads to no schema"],
		[{ $ref: "#" }, "no finite value"],
		[{ anyOf: [{ $ref: "#" }, { type: "null" }] }, "refers to itself"],
		[{ allOf: [{ $ref: "#" }, { type: "null" }] }, "refers to itself"],
		[{ type: "object", properties: { a: { $ref: "#" } }, required: ["a"] }, "no finite value"],
		[{ type: "integer", minimum: 3, maximum: 2 }, "allows no value"],
		[{ type: "string", pattern: "^a$", minLength: 2 }, "allows no value"],
		[{ allOf: [{ type: "string" }, { type: "integer" }] }, "allows no value"],
		[{ type: "integer", enum: ["a"] }, "allows no value"],
	])("says what is wrong with %j", (schema, message) => {
		expect(refusal(schema)).toMatchObject({ code: "invalid_request", message: expect.stringContaining(message) });
	});

	it("is not blown up by a hostile schema", () => {
		const wide = { anyOf: Array.from({ length: 30 }, () => ({ type: "integer" })) };
		let deep: Schema = { type: "string" };
		for (let level = 0; level < 500; level++) {
			deep = { type: "array", items: deep };
		}
		let defs: Record<string, Schema> = { d0: { type: "string" } };
		for (let level = 1; level < 30; level++) {
			defs = { ...defs, [`d${level}`]: { allOf: [{ anyOf: [{ $ref: `#/$defs/d${level - 1}` }, { $ref: `#/$defs/d${level - 1}` }] }, {}] } };
		}
		const hostile: Schema[] = [
			deep,
			{ allOf: [wide, wide, wide, wide, wide] },
			{ $defs: defs, allOf: [{ $ref: "#/$defs/d29" }] },
			{ type: "string", pattern: "^(a|b)*a(a|b){200}$" },
			{ type: "string", pattern: "((((a{0,900}){0,900}){0,900}){0,900})b", maxLength: 400 },
			{ type: "array", items: { type: "array", minItems: 1_000_000_000, items: { type: "string" } } },
		];
		for (const schema of hostile) {
			const start = performance.now();
			const compiled = grammarOf(schema);
			expect(performance.now() - start).toBeLessThan(5000);
			expect(compiled.ok ? compiled.value.length : 0).toBeLessThan(2_000_000);
		}
	});
});
