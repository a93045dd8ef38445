import { expect, it } from "vitest";
import { findToolFormat } from "./tool-format.ts";

it.each([
	["{{ '<tool_call>' }}{{ call | tojson }}{{ '</tool_call>' }}", "hermes"],
	["<tool_call>\n<function={{ name }}>\n<parameter={{ key }}>", "tagged"],
	["<tool_call>{{ name }}<arg_key>{{ key }}</arg_key>", "tagged"],
	["[AVAILABLE_TOOLS]…[/AVAILABLE_TOOLS] [TOOL_CALLS]", "mistral"],
	["<|python_tag|>", "llama"],
	["{{ message.content }}", "plain"],
	[null, "plain"],
])("the template %j calls tools in the form %s", (template, format) => {
	expect(findToolFormat(template)).toBe(format);
});
