import { z } from "zod";
import type { ModelTool } from "../model/model-source.ts";
import type { Tool } from "../tools/tool.ts";

/** Tools without which no work is possible, for models whose window is too small for all. */
const first = ["read_file", "edit_file", "write_file", "run_command", "list_dir", "grep", "glob", "ask_user", "todo_write"];

/** Share of the window that descriptions of tools may take. */
const mostOfWindow = 0.3;

const described = new WeakMap<Tool, ModelTool>();

/** A tool as models are told of it; the same bytes for as long as the tool is there. */
export function modelToolOf(tool: Tool): ModelTool {
	const known = described.get(tool);
	if (known !== undefined) {
		return known;
	}
	const { $schema: _schema, ...parameters } = tool.inputJsonSchema ?? z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" });
	const made: ModelTool = { name: tool.name, description: tool.description, parameters };
	described.set(tool, made);
	return made;
}

function tokensOf(tool: Tool): number {
	return Math.ceil(JSON.stringify(modelToolOf(tool)).length / 3.5);
}

/** Our own in the registry's order, then those of MCP servers by name, so that it does not matter which server was ready first. */
function inFixedOrder(tools: readonly Tool[]): Tool[] {
	const own = tools.filter(({ server }) => server === undefined);
	const others = tools.filter(({ server }) => server !== undefined);
	return [...own, ...others.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
}

/**
 * The tools that a model gets, in an order that does not change between turns: all where they fit well into its window,
 * else the most needed ones that do. `contextTokens` is null where the window is not known.
 */
export function offeredTools(tools: readonly Tool[], contextTokens: number | null): Tool[] {
	const all = inFixedOrder(tools);
	const room = contextTokens === null ? Number.POSITIVE_INFINITY : contextTokens * mostOfWindow;
	if (all.reduce((sum, tool) => sum + tokensOf(tool), 0) <= room) {
		return all;
	}
	const rank = ({ name }: Tool): number => (first.includes(name) ? first.indexOf(name) : first.length);
	const taken = new Set<Tool>();
	let used = 0;
	for (const tool of all.toSorted((a, b) => rank(a) - rank(b))) {
		const tokens = tokensOf(tool);
		if (used + tokens <= room) {
			used += tokens;
			taken.add(tool);
		}
	}
	return all.filter((tool) => taken.has(tool));
}
