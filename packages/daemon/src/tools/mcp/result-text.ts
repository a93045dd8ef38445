import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { OutputLog } from "../shell/output-log.ts";
import type { ToolOutcome } from "../tool.ts";

/** Characters of an answer that are looked at: servers may answer anything. */
const maxCharacters = 4 * 1024 * 1024;

function blockText(block: CallToolResult["content"][number]): string {
	switch (block.type) {
		case "text":
			return block.text;
		case "resource":
			return "text" in block.resource ? `${block.resource.uri}\n${block.resource.text}` : `[${block.resource.uri}: not text, not shown]`;
		case "resource_link":
			return `[${block.name}: ${block.uri}]`;
		case "image":
		case "audio":
			return `[${block.type} of type ${block.mimeType}, ${Math.floor((block.data.length * 3) / 4)} bytes: not shown]`;
	}
}

/** What the model gets of a server's answer: its texts within the limit; of pictures and sounds only that there are some. */
export function resultOutcome(result: CallToolResult, maxBytes: number): ToolOutcome {
	const texts = result.content.map(blockText);
	if (texts.length === 0 && result.structuredContent !== undefined) {
		texts.push(JSON.stringify(result.structuredContent));
	}
	const log = new OutputLog(maxBytes, maxBytes);
	log.add(texts.join("\n").slice(0, maxCharacters));
	const { text, truncated } = log.excerpt(maxBytes - 300, "Ask for less, or for the next part if the tool can do that.");
	return { ok: result.isError !== true, output: text === "" ? "(no text)" : text, truncated };
}
