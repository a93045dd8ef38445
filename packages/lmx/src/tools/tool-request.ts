import type { ChatRequest, ChatTool } from "@opta/contracts/schema/lmx-chat";
import type { Answer, AnswerError } from "../serving/backend.ts";
import type { PlacedTool } from "./call-grammar.ts";

/** What a chat says of tools. */
export interface ToolRequest {
	/** All tools, as the model is told of them. */
	readonly tools: readonly ChatTool[];
	/** Those that it may call. */
	readonly callable: readonly PlacedTool[];
	/** The answer must be calls. */
	readonly isForced: boolean;
	readonly isParallel: boolean;
}

function invalid(param: string, message: string): { readonly ok: false; readonly error: AnswerError } {
	return { ok: false, error: { code: "invalid_request", message, param } };
}

/** Reads the tools of a chat; null when it has none, or may call none. */
export function readToolRequest({ tools, tool_choice, parallel_tool_calls }: ChatRequest): Answer<ToolRequest | null> {
	const choice = tool_choice ?? "auto";
	if (tools == null || tools.length === 0) {
		return choice === "auto" || choice === "none"
			? { ok: true, value: null }
			: invalid("tool_choice", 'The parameter "tool_choice" asks for a call, but there are no tools. Add "tools", or remove it.');
	}
	const placed: PlacedTool[] = [];
	for (const [index, tool] of tools.entries()) {
		if (tool.type === "mcp") {
			const message = "This server calls no MCP tools itself. Add MCP servers to its configuration, or send the tools as functions.";
			return { ok: false, error: { code: "unsupported_parameter", message, param: `tools.${index}` } };
		}
		if (placed.some((other) => other.tool.function.name === tool.function.name)) {
			return invalid(`tools.${index}.function.name`, `Two tools have the name "${tool.function.name}". Give each its own.`);
		}
		placed.push({ tool, index });
	}
	if (choice === "none") {
		return { ok: true, value: null };
	}
	const wanted = typeof choice === "string" ? null : choice.function.name;
	const callable = placed.filter(({ tool }) => wanted === null || tool.function.name === wanted);
	if (callable.length === 0) {
		return invalid("tool_choice", `The parameter "tool_choice" names the tool "${wanted}", which is not among "tools".`);
	}
	return {
		ok: true,
		value: {
			tools: placed.map(({ tool }) => tool),
			callable,
			isForced: choice !== "auto",
			isParallel: wanted === null && parallel_tool_calls !== false,
		},
	};
}
