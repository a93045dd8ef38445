import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ggufBytes } from "../../testing/gguf-file.ts";
import { ggufFacts } from "./gguf-facts.ts";
import { parseGgufHeader } from "./parse-gguf-header.ts";

const models = path.join(import.meta.dirname, "../../../models");
const key = fc.string({ minLength: 1, maxLength: 20 });
const content = fc.record({
	metadata: fc.dictionary(
		key,
		fc.oneof(
			fc.string(),
			fc.boolean(),
			fc.nat(),
			fc.array(fc.string({ minLength: 1 }), { minLength: 1 }),
			fc.array(fc.nat(), { minLength: 1 }),
		),
	),
	tensors: fc.dictionary(key, fc.integer({ min: 1, max: 500 }), { maxKeys: 5 }),
});

describe("parseGgufHeader", () => {
	it("reads the shipped models and knows their exact size", () => {
		const bytes = readFileSync(path.join(models, "SmolLM2-135M-Instruct-Q4_1.gguf"));
		const parsed = parseGgufHeader(bytes.subarray(0, 4_000_000));
		expect(parsed.kind === "header" && { ...ggufFacts(parsed.header), leastFileBytes: parsed.header.leastFileBytes }).toMatchObject({
			architecture: "llama",
			quantisation: "Q4_1",
			trainedContextTokens: 8192,
			licence: "apache-2.0",
			parameters: 134_515_008,
			isQuantised: true,
			leastFileBytes: bytes.length,
		});
	});

	it("gives back whatever was written", () => {
		fc.assert(
			fc.property(content, ({ metadata, tensors }) => {
				const parsed = parseGgufHeader(ggufBytes({ metadata, tensors }));
				expect(parsed.kind === "header" && Object.fromEntries(parsed.header.metadata)).toEqual(metadata);
				expect(parsed.kind === "header" && parsed.header.tensors.map(({ name, shape }) => [name, shape[0]])).toEqual(
					Object.entries(tensors),
				);
			}),
		);
	});

	it("asks for more when a header is cut anywhere", () => {
		fc.assert(
			fc.property(content, fc.double({ min: 0, max: 1, noNaN: true }), (made, share) => {
				const whole = ggufBytes(made);
				const parsed = parseGgufHeader(whole);
				const headerBytes = parsed.kind === "header" ? parsed.header.dataOffset : 0;
				const kept = Math.floor((headerBytes - 32) * share);
				expect(parseGgufHeader(whole.subarray(0, Math.max(0, kept))).kind).toBe("incomplete");
			}),
		);
	});

	it("survives any bytes after the magic, and any damaged byte", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
				expect(["header", "incomplete", "invalid"]).toContain(
					parseGgufHeader(Buffer.concat([Buffer.from("GGUF\u0003\0\0\0"), bytes])).kind,
				);
			}),
		);
		fc.assert(
			fc.property(content, fc.nat(), fc.nat(255), (made, place, value) => {
				const bytes = ggufBytes(made);
				bytes[place % bytes.length] = value;
				expect(["header", "incomplete", "invalid"]).toContain(parseGgufHeader(bytes).kind);
			}),
		);
	});

	it("refuses other files and other versions", () => {
		expect(parseGgufHeader(Buffer.from("hello world"))).toMatchObject({ kind: "invalid" });
		expect(parseGgufHeader(Buffer.concat([Buffer.from("GGUF"), Buffer.from([1, 0, 0, 0]), Buffer.alloc(64)]))).toMatchObject({
			kind: "invalid",
			reason: "its GGUF version 1 is not 2 or 3",
		});
	});
});
