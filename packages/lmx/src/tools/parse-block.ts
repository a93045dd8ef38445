import type { ChatTool } from "@opta/contracts/schema/lmx-chat";

/** A call that was read as a whole; `arguments` is a JSON text. */
export interface ReadCall {
	readonly name: string;
	readonly arguments: string;
}

const functionForm = /^<function=([\w-]+)>([\s\S]*?)(?:<\/function>)?$/;
const functionArgument = /<parameter=([^>]+)>\n?([\s\S]*?)\n?<\/parameter>/g;
const glmForm = /^([\w-]+)\s*((?:<arg_key>[\s\S]*)?)$/;
const glmArgument = /<arg_key>([\s\S]*?)<\/arg_key>\s*<arg_value>([\s\S]*?)<\/arg_value>/g;

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function jsonCalls(value: unknown, tools: readonly ChatTool[]): ReadCall[] | null {
	const calls = (Array.isArray(value) ? value : [value]).map((each): ReadCall | null => {
		const call: unknown = isRecord(each) && isRecord(each.function) ? each.function : each;
		if (!isRecord(call) || typeof call.name !== "string" || !tools.some((tool) => tool.function.name === call.name)) {
			return null;
		}
		const values = call.arguments ?? call.parameters ?? {};
		const written = typeof values === "string" ? values : JSON.stringify(values);
		return isRecord(parsed(written)) ? { name: call.name, arguments: written } : null;
	});
	return calls.every((call) => call !== null) && calls.length > 0 ? calls : null;
}

/** Arguments in tags are text; those that the schema does not call a string are JSON, if they can be read so. */
function taggedCall(name: string, body: string, form: RegExp, tools: readonly ChatTool[]): ReadCall[] | null {
	const tool = tools.find((each) => each.function.name === name);
	if (tool === undefined) {
		return null;
	}
	const properties = tool.function.parameters?.properties;
	const values = Array.from(body.matchAll(form), ([, key = "", value = ""]): [string, unknown] => {
		const schema = isRecord(properties) ? properties[key] : undefined;
		const isText = isRecord(schema) && schema.type === "string";
		return [key.trim(), isText ? value : (parsed(value) ?? value)];
	});
	return [{ name, arguments: JSON.stringify(Object.fromEntries(values)) }];
}

/** Reads calls from what stood between the tags of a call, whatever its form; null when it is no call of one of the tools. */
export function parseBlock(block: string, tools: readonly ChatTool[]): ReadCall[] | null {
	const text = block.trim();
	const json = parsed(text);
	if (json !== undefined) {
		return jsonCalls(json, tools);
	}
	const [, functionName = "", functionBody = ""] = functionForm.exec(text) ?? [];
	if (functionName !== "") {
		return taggedCall(functionName, functionBody, functionArgument, tools);
	}
	const [, glmName = "", glmBody = ""] = glmForm.exec(text) ?? [];
	return glmName === "" ? null : taggedCall(glmName, glmBody, glmArgument, tools);
}
