import fc from "fast-check";
import { expect, it } from "vitest";
import { readTextCalls } from "./text-calls.ts";

const names = new Set(["read_file", "run_command"]);

it.each([
	["Hermes", '<tool_call>\n{"name": "read_file", "arguments": {"path": "a.ts"}}\n</tool_call>'],
	["Hermes, never closed", '<tool_call>{"name": "read_file", "arguments": {"path": "a.ts"}}'],
	["Hermes, brackets missing", '<tool_call>{"name": "read_file", "arguments": {"path": "a.ts"'],
	["Llama, bare", '{"name": "read_file", "parameters": {"path": "a.ts"}}'],
	["Llama, function", '<function=read_file>{"path": "a.ts"}</function>'],
	["Qwen3-Coder", "<tool_call>\n<function=read_file>\n<parameter=path>\na.ts\n</parameter>\n</function>\n</tool_call>"],
	["GLM", "<tool_call>read_file\n<arg_key>path</arg_key>\n<arg_value>a.ts</arg_value>\n</tool_call>"],
	["Mistral", '[TOOL_CALLS] [{"name": "read_file", "arguments": {"path": "a.ts"}}]'],
	["Mistral, newer", '[TOOL_CALLS]read_file{"path": "a.ts"}'],
	["fenced", '```json\n{"name": "read_file", "arguments": {"path": "a.ts"}}\n```'],
	["arguments as text", '{"name": "read_file", "arguments": "{\\"path\\": \\"a.ts\\"}"}'],
])("reads a call as %s writes it, between words", (_name, call) => {
	const before = "I will look.\n";
	expect(readTextCalls(before + call, names)).toEqual({
		content: "I will look.",
		calls: [{ name: "read_file", argumentsText: '{"path":"a.ts"}' }],
	});
});

it("reads several calls, and tags that are numbers", () => {
	const text =
		'<tool_call>{"name":"read_file","arguments":{"path":"a"}}</tool_call>\n<tool_call>run_command<arg_key>command</arg_key><arg_value>ls</arg_value><arg_key>timeoutMs</arg_key><arg_value>500</arg_value></tool_call> Then.';
	expect(readTextCalls(text, names)).toEqual({
		content: "Then.",
		calls: [
			{ name: "read_file", argumentsText: '{"path":"a"}' },
			{ name: "run_command", argumentsText: '{"command":"ls","timeoutMs":500}' },
		],
	});
});

it.each([
	'Write {"name": "read_file"} like this.',
	'{"name": "launch_rocket", "arguments": {}}',
	'```json\n{"name": "package", "version": "1.0.0"}\n```',
	"<tool_call>nothing here</tool_call>",
	"[1, 2, 3]\nare numbers",
])("leaves text alone that calls nothing: %s", (text) => {
	expect(readTextCalls(text, names)).toEqual({ content: text, calls: [] });
});

it("takes any text, and never loses what is no call", () => {
	const word = fc.constantFrom(
		"<tool_call>",
		"</tool_call>",
		"{",
		"}",
		'"name"',
		":",
		'"read_file"',
		"\n",
		"[",
		"]",
		"```json\n",
		"<function=",
		"x",
	);
	fc.assert(
		fc.property(fc.array(word, { maxLength: 30 }), (words) => {
			const text = words.join("");
			const read = readTextCalls(text, names);
			return read.calls.length > 0 || read.content === text;
		}),
	);
});
