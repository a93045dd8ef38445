import type { ChatRequest } from "@opta/contracts/schema/lmx-chat";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { ToolFormat } from "../engine/prompt/tool-format.ts";
import { answerGrammar } from "../structured/answer-grammar.ts";
import { GbnfText } from "../testing/gbnf-text.ts";
import { CallReader } from "./call-reader.ts";
import { readToolRequest } from "./tool-request.ts";

const parameters = {
	type: "object",
	properties: { query: { type: "string" }, "a b": { type: "array", items: { $ref: "#/$defs/n" } } },
	required: ["query"],
	$defs: { n: { type: "integer" } },
};
const tools: NonNullable<ChatRequest["tools"]> = [
	{ type: "function", function: { name: "search", parameters } },
	{ type: "function", function: { name: "stop" } },
];
const formats: ToolFormat[] = ["hermes", "llama", "mistral", "function", "tagged", "plain"];

function grammarOf(format: ToolFormat, extra: Partial<ChatRequest>): { gbnf: string; triggers: readonly string[] | null } | null {
	const request: ChatRequest = { messages: [{ role: "user", content: "?" }], tools, ...extra };
	const read = readToolRequest(request);
	const made = answerGrammar(request, read.ok ? read.value : null, format);
	if (!made.ok) {
		throw new Error(made.error.message);
	}
	return made.value;
}

function made(gbnf: string, count: number): string[] {
	const grammar = new GbnfText(gbnf);
	let state = 5;
	const choose = (below: number): number => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
	return Array.from({ length: count }, () => grammar.make(choose, 200));
}

function calls(text: string): { name: string; values: unknown }[] {
	const reader = new CallReader(
		tools.flatMap((tool) => (tool.type === "function" ? [tool] : [])),
		{ isForced: false },
	);
	const deltas = [...reader.push(text), ...reader.end()];
	expect(deltas.map(({ content }) => content ?? "").join("")).toBe("");
	const found: { name: string; text: string }[] = [];
	for (const { index, function: called } of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
		const call = found[index] ?? { name: called.name ?? "", text: "" };
		call.text += called.arguments ?? "";
		found[index] = call;
	}
	return found.map(({ name, text: written }) => ({ name, values: JSON.parse(written) }));
}

describe("the grammar of calls", () => {
	const validate = new Ajv2020().compile(parameters);

	it.each(formats)("makes in the format %s what the reader reads, and only valid arguments", (format) => {
		const { gbnf = "", triggers } = grammarOf(format, { tool_choice: "required" }) ?? {};
		expect(triggers).toBeNull();
		const all = made(gbnf, 60).map(calls);
		expect(all.every((each) => each.length >= 1)).toBe(true);
		expect(all.some((each) => each.length > 1)).toBe(true);
		for (const { name, values } of all.flat()) {
			expect(name === "search" ? validate(values) : values).toEqual(name === "search" ? true : {});
		}
	});

	it.each(formats)("makes one call of the named tool in the format %s", (format) => {
		const choice = { type: "function" as const, function: { name: "stop" } };
		for (const text of made(grammarOf(format, { tool_choice: choice })?.gbnf ?? "", 10)) {
			expect(calls(text)).toEqual([{ name: "stop", values: {} }]);
		}
	});

	it.each(formats.filter((format) => format !== "tagged"))("begins in the format %s with one of its triggers", (format) => {
		const grammar = grammarOf(format, { parallel_tool_calls: false });
		for (const text of made(grammar?.gbnf ?? "", 30)) {
			expect(calls(text)).toHaveLength(1);
		}
		expect(grammar?.triggers?.length).toBeGreaterThan(0);
		expect(made(grammar?.gbnf ?? "", 100).some((text) => grammar?.triggers?.some((trigger) => text.startsWith(trigger)))).toBe(true);
	});

	it("leaves models alone whose calls no JSON grammar describes, while nothing is forced", () => {
		expect(grammarOf("tagged", {})).toBeNull();
		expect(grammarOf("hermes", { tool_choice: "none" })).toBeNull();
	});

	it("takes any object for a tool whose schema cannot be enforced, unless it is strict", () => {
		const odd = { type: "object", properties: { a: { not: {} } } };
		const request = (strict: boolean): Partial<ChatRequest> => ({
			tools: [{ type: "function", function: { name: "search", parameters: odd, strict } }],
			tool_choice: "required",
		});
		expect(made(grammarOf("plain", request(false))?.gbnf ?? "", 20).flatMap(calls).length).toBeGreaterThan(0);
		expect(() => grammarOf("plain", request(true))).toThrow('"not"');
	});
});
