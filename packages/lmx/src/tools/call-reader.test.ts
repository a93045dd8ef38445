import type { ChatDelta, ChatTool } from "@opta/contracts/schema/lmx-chat";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CallReader } from "./call-reader.ts";

const tools: ChatTool[] = [
	{
		type: "function",
		function: {
			name: "get_weather",
			parameters: { type: "object", properties: { city: { type: "string" }, days: { type: "integer" } } },
		},
	},
	{ type: "function", function: { name: "get" } },
];

interface Read {
	content: string;
	calls: { id?: string; name?: string; arguments: string }[];
}

function read(pieces: readonly string[], isForced = false): Read {
	let ids = 0;
	const reader = new CallReader(tools, { isForced, newId: () => `call_${++ids}` });
	const result: Read = { content: "", calls: [] };
	const add = (deltas: readonly ChatDelta[]): void => {
		for (const delta of deltas) {
			result.content += delta.content ?? "";
			for (const { index, id, function: called } of delta.tool_calls ?? []) {
				const call = result.calls[index];
				if (call === undefined) {
					result.calls[index] = { id: id!, name: called.name!, arguments: called.arguments ?? "" };
				} else {
					expect(id).toBeUndefined();
					call.arguments += called.arguments ?? "";
				}
			}
		}
	};
	for (const piece of pieces) {
		add(reader.push(piece));
	}
	add(reader.end());
	expect(reader.calledTools).toBe(result.calls.length > 0);
	return result;
}

const paris = { id: "call_1", name: "get_weather", arguments: '{"city": "Paris"}' };
const hermes = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>';

describe("CallReader", () => {
	it.each([
		["Hermes and Qwen", hermes],
		["Hermes without an end", hermes.slice(0, 50) + hermes.slice(50, -"\n</tool_call>".length)],
		["Llama 3", '{"name": "get_weather", "parameters": {"city": "Paris"}}'],
		["Llama 3 with a type", '{"type": "function", "name": "get_weather", "parameters": {"city": "Paris"}}'],
		["Llama's tag", '<|python_tag|>{"name": "get_weather", "parameters": {"city": "Paris"}}'],
		["Mistral", '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Paris"}, "id": "a}1"}]'],
		["Mistral without its control token", '[{"name": "get_weather", "arguments": {"city": "Paris"}}]'],
		["functionary", '<function=get_weather>{"city": "Paris"}</function>'],
		["JSON", '{"name":"get_weather","arguments":{"city": "Paris"}}'],
		["JSON in a fence", '```json\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n```\n'],
	])("reads the call of %s", (_name, text) => {
		expect(read([text])).toEqual({ content: "", calls: [paris] });
	});

	it.each([
		[
			"Qwen3-Coder",
			"<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n</parameter>\n<parameter=days>\n3\n</parameter>\n</function>\n</tool_call>",
		],
		[
			"GLM",
			"<tool_call>get_weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n<arg_key>days</arg_key><arg_value>3</arg_value></tool_call>",
		],
		["a call in another order", '<tool_call>{"arguments": {"city": "Paris", "days": 3}, "name": "get_weather"}</tool_call>'],
		["arguments as a text", '<tool_call>{"name": "get_weather", "arguments": "{\\"city\\":\\"Paris\\",\\"days\\":3}"}</tool_call>'],
	])("reads %s when it is complete", (_name, text) => {
		const { content, calls } = read([text]);
		expect(content).toBe("");
		expect(JSON.parse(calls[0]!.arguments)).toEqual({ city: "Paris", days: 3 });
	});

	it("reads several calls, content before them, and calls without arguments", () => {
		expect(read([`Let me look.\n\n${hermes}\n${hermes}`])).toEqual({ content: "Let me look.", calls: [paris, { ...paris, id: "call_2" }] });
		expect(read(['{"name": "get_weather", "arguments": {"city": "Paris"}}; {"name": "get"}'])).toEqual({
			content: "",
			calls: [paris, { id: "call_2", name: "get", arguments: "{}" }],
		});
	});

	it("keeps brackets and quotes within arguments", () => {
		const written = '{"city": "}]{\\"\\\\", "days": [1, {"a": "]"}]}';
		expect(read([`<tool_call>{"name": "get_weather", "arguments": ${written}}</tool_call>`]).calls[0]?.arguments).toBe(written);
	});

	it.each([
		"Just words with { braces } and [1, 2] and `code`.",
		'{"name": "Bob", "arguments": {"a": 1}}',
		'```json\n{"name": "get_weather"\n```',
		"<tool_call>never mind</tool_call>",
		"<tool_call>\n{broken",
		"<function=unknown>{}</function>",
		"a < b, <b>bold</b> <function",
		"ends with spaces  \n",
		'{"name": "get_wea',
		"```python\nprint([x for x in y])\n```\n",
	])("leaves %j to the content", (text) => {
		expect(read([text])).toEqual({ content: text, calls: [] });
	});

	it("shows nothing of a forced call that was cut off before its arguments began", () => {
		for (const text of [
			hermes,
			'{"name": "get_weather", "arguments": {',
			"<tool_call>\n<function=get_weather>\n<parameter=city>\nParis\n",
		]) {
			for (let length = 1; length < text.length; length++) {
				expect(read([text.slice(0, length)], true).content).toBe("");
			}
		}
	});

	it("shows a call as it is written: name first, then pieces of the arguments", () => {
		const reader = new CallReader(tools, { isForced: false, newId: () => "call_1" });
		const deltas = ['<tool_call>{"name": "get_', 'weather", "arguments": {"ci', 'ty": "Par', 'is"}}</tool_call>'].map((piece) =>
			reader.push(piece),
		);
		expect(deltas).toEqual([
			[],
			[{ tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "get_weather", arguments: '{"ci' } }] }],
			[{ tool_calls: [{ index: 0, function: { arguments: 'ty": "Par' } }] }],
			[{ tool_calls: [{ index: 0, function: { arguments: 'is"}' } }] }],
		]);
	});

	it("reads the same however the text is cut, and loses nothing that is no call", () => {
		const fragments = fc.constantFrom(
			...["<tool_call>", "</tool_call>", "<function=get>", "</function>", "[TOOL_CALLS]", "[", "]", "```json\n", "```", "<|python_tag|>"],
			...['{"name": "get_weather", "arguments": ', '{"name":"get"', ', "parameters": ', '{"city": "a}b"}', "}", "{", '"', "\\", ",", ";"],
			...["\n", " ", "words", "ü😀", "<", "`", "<arg_key>a</arg_key><arg_value>1</arg_value>", "get", '{"type": "function", '],
		);
		fc.assert(
			fc.property(fc.array(fragments, { maxLength: 14 }), fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }), (parts, sizes) => {
				const text = parts.join("");
				const whole = read([text]);
				const pieces: string[] = [];
				const characters = [...text];
				for (let index = 0; characters.length > 0; index++) {
					pieces.push(characters.splice(0, sizes[index % sizes.length]).join(""));
				}
				expect(read(pieces)).toEqual(whole);
				if (whole.calls.length === 0) {
					expect(whole.content).toBe(text);
				}
			}),
			{ numRuns: 3000 },
		);
	});
});
