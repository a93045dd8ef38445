/**
 * How a model writes calls of tools:
 * - `hermes`: `<tool_call>{"name": …, "arguments": …}</tool_call>` (Hermes, Qwen)
 * - `llama`: `{"name": …, "parameters": …}` (Llama 3)
 * - `mistral`: an array of `{"name": …, "arguments": …}` after a control token
 * - `function`: `<function=name>{…}</function>` (functionary, Llama 3.1)
 * - `tagged`: tags around each argument (Qwen3-Coder, GLM); such a call cannot be held to a JSON grammar
 * - `plain`: `{"name": …, "arguments": …}`, as LMX asks models for that were not trained for tools
 */
export type ToolFormat = "hermes" | "llama" | "mistral" | "function" | "tagged" | "plain";

const marks: readonly (readonly [ToolFormat, string])[] = [
	["tagged", "<arg_key>"],
	["tagged", "<parameter="],
	["hermes", "<tool_call>"],
	["mistral", "[TOOL_CALLS]"],
	["function", "<function="],
	["llama", "<|python_tag|>"],
	["llama", '"parameters": '],
];

/** Finds the format of a model by what its chat template writes. */
export function findToolFormat(chatTemplate: string | null): ToolFormat {
	return marks.find(([, mark]) => chatTemplate?.includes(mark) === true)?.[0] ?? "plain";
}
