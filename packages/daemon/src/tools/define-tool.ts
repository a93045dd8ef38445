import type { Tool } from "./tool.ts";

/**
 * A tool as the registry holds it. Its input type is forgotten: whoever calls `access` and `run` passes what `input` gave after
 * parsing, as the contract of `Tool` says.
 */
export function defineTool<Input>(tool: Tool<Input>): Tool {
	return tool as unknown as Tool;
}
