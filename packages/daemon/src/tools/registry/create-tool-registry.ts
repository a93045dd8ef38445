import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Egress } from "../../egress/egress.ts";
import { askTools } from "../ask/ask-tools.ts";
import type { ChangeParts } from "../files/change/commit-changes.ts";
import { fileTools } from "../files/file-tools.ts";
import { gitTools } from "../git/git-tools.ts";
import type { McpServers } from "../mcp/open-mcp-servers.ts";
import { memoryTools } from "../memory/memory-tools.ts";
import { searchTools } from "../search/search-tools.ts";
import { subAgentTools } from "../subagent/sub-agent-tools.ts";
import { todoTools } from "../todo/todo-tools.ts";
import type { Tool, ToolGroup, ToolRegistry } from "../tool.ts";
import { webTools } from "../web/web-tools.ts";

/** What the tools work with. */
export interface ToolRegistryParts {
	/** From `optaHome`, links followed. */
	readonly home: string;
	/** As it is now; read at each use. */
	readonly config: () => Pick<OptaConfig["tools"], "disabled">;
	readonly egress: Egress;
	/** What changes of files go through, shared with the tools of other groups. */
	readonly changes: ChangeParts;
	/** Shells, language servers, the browser: in this order behind the daemon's own tools. */
	readonly groups?: readonly ToolGroup[];
	/** Its tools come last, as they come and go with their servers. */
	readonly mcp?: Pick<McpServers, "tools" | "close">;
}

/** Waits for all, then fails with all failures where there were any: one that does not close keeps no other open. */
async function closeAll(closings: readonly (Promise<void> | undefined)[]): Promise<void> {
	const failed = (await Promise.allSettled(closings)).filter((result) => result.status === "rejected");
	if (failed.length > 0) {
		throw new AggregateError(
			failed.map((result) => result.reason),
			"Some tools could not be closed.",
		);
	}
}

/** All tools in an order that never changes, without those that the configuration disables. A name that comes twice belongs to the first. */
export function createToolRegistry(parts: ToolRegistryParts): ToolRegistry {
	const groups: readonly ToolGroup[] = [
		fileTools(parts.changes),
		searchTools(parts.home),
		gitTools(),
		todoTools(),
		askTools(),
		memoryTools(parts.home),
		webTools(parts.egress),
		subAgentTools(),
		...(parts.groups ?? []),
	];
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
		closeSession: (sessionId) => closeAll(groups.map((group) => group.closeSession(sessionId))),
		close: () => closeAll([...groups.map((group) => group.close()), parts.mcp?.close()]),
	};
}
