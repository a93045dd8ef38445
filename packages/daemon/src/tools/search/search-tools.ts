import type { ToolGroup } from "../tool.ts";
import { globTool } from "./glob.ts";
import { grepTool } from "./grep.ts";

/** `glob` and `grep`. Contents of `home`, Opta's own folder, are not shown. */
export function searchTools(home: string): ToolGroup {
	return { tools: [globTool(), grepTool(home)], closeSession: () => Promise.resolve(), close: () => Promise.resolve() };
}
