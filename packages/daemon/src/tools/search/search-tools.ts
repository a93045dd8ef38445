import type { ToolGroup } from "../tool.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";

/** `glob` and `grep`. */
export function searchTools(): ToolGroup {
	return { tools: [globTool(), grepTool()], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
