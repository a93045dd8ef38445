import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";

/** More is not given to a model: it would fill its context. */
export const maxResultChars = 64 * 1024;

function partText(part: CallToolResult["content"][number]): string {
	switch (part.type) {
		case "text":
			return part.text;
		case "image":
		case "audio":
			return `[${part.type} of type ${part.mimeType}, which is not shown to the model]`;
		case "resource":
			return "text" in part.resource ? part.resource.text : `[binary resource ${part.resource.uri}, which is not shown to the model]`;
		case "resource_link":
			return `[resource ${part.name}: ${part.uri}]`;
	}
}

/** What a model reads of a tool's result (Model Context Protocol, tools/call). What is too long is cut, and says so. */
export function resultText({ content, structuredContent }: Pick<CallToolResult, "content" | "structuredContent">): string {
	const text =
		content.length === 0 && structuredContent !== undefined ? JSON.stringify(structuredContent) : content.map(partText).join("\n");
	return text.length <= maxResultChars
		? text
		: `${text.slice(0, maxResultChars)}\n[The result has ${text.length} characters; only the first ${maxResultChars} are shown.]`;
}
