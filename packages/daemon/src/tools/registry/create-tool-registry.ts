import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Egress } from "../../egress/egress.ts";
import { fileTools } from "../files/file-tools.ts";
import type { McpServers } from "../mcp/open-mcp-servers.ts";
import type { Tool, ToolGroup, ToolRegistry } from "../tool.ts";

/** What the tools work with. */
export interface ToolRegistryParts {
	/** From `optaHome`. */
	readonly home: string;
	/** As it is now: `disabled` and the origins are read at each use. */
	readonly config: () => Pick<OptaConfig["tools"], "disabled" | "allowedOrigins" | "deniedOrigins">;
	readonly egress: Egress;
	/** Shells, language servers, the browser: in this order behind the daemon's own tools. */
	readonly groups?: readonly ToolGroup[];
	/** Its tools come last, as they come and go with their servers. */
	readonly mcp?: Pick<McpServers, "tools" | "close">;
}

/** All tools in an order that never changes, without those that the configuration disables. A name that comes twice belongs to the first. */
export function createToolRegistry(parts: ToolRegistryParts): ToolRegistry {
	const groups: readonly ToolGroup[] = [fileTools(), ...(parts.groups ?? [])];
	const list = (): readonly Tool[] => {
		const disabled = new Set(parts.config().disabled);
		const byName = new Map<string, Tool>();
		for (const tool of [...groups.flatMap((group) => group.tools), ...(parts.mcp?.tools() ?? [])]) {
			if (!disabled.has(tool.name) && !byName.has(tool.name)) {
				byName.set(tool.name, tool);
			}
		}
		return [...byName.values()];
	};
	return {
		list,
		find: (name) => list().find((tool) => tool.name === name),
		closeSession: async (sessionId) => {
			await Promise.all(groups.map((group) => group.closeSession(sessionId)));
		},
		close: async () => {
			await Promise.all([...groups.map((group) => group.close()), parts.mcp?.close()]);
		},
	};
}
