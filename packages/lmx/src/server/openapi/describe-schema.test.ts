import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeFields, typeOf } from "./describe-schema.ts";

function json(schema: z.ZodType): Record<string, unknown> {
	return z.toJSONSchema(schema, { io: "input" });
}

describe("a schema for people", () => {
	it.each([
		[z.string(), "string"],
		[z.int().min(1).max(16), "integer (at least 1, at most 16)"],
		[z.int().min(0), "integer (at least 0)"],
		[z.number().gt(0).max(1), "number (above 0, at most 1)"],
		[z.enum(["a", "b"]), '"a" or "b"'],
		[z.iso.datetime(), "string (date-time)"],
		[z.union([z.string(), z.array(z.int())]), "string or list of integer"],
		[z.boolean().nullish(), "boolean"],
		[z.unknown(), "anything"],
		[z.array(z.object({ a: z.string() })), "list of object"],
	])("names the type in a few words", (schema, expected) => {
		expect(typeOf(json(schema))).toBe(expected);
	});

	it("lists the fields with the nested ones behind their owner", () => {
		const schema = z.strictObject({
			model: z.string().optional().describe("Which one."),
			messages: z.array(
				z.union([z.strictObject({ role: z.literal("user") }), z.strictObject({ role: z.literal("tool"), id: z.string() })]),
			),
		});
		expect(describeFields(json(schema))).toEqual([
			{ name: "model", type: "string", isRequired: false, description: "Which one." },
			{ name: "messages", type: "list of object", isRequired: true, description: "" },
			{ name: "messages[].role", type: '"user" or "tool"', isRequired: true, description: "" },
			{ name: "messages[].id", type: "string", isRequired: false, description: "" },
		]);
	});

	it("reads a body that may be one of several objects", () => {
		const schema = z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]);
		expect(describeFields(json(schema)).map(({ name }) => name)).toEqual(["a", "b"]);
	});
});
