import type { DaemonTools } from "@opta/contracts/schema/daemon-status";
import { z } from "zod";
import type { McpServers } from "../tools/mcp/open-mcp-servers.ts";
import type { ToolRegistry } from "../tools/tool.ts";

/** The tools as `GET /v3/tools` shows them. */
export function describeTools(tools: ToolRegistry, mcp: McpServers): DaemonTools {
	return {
		tools: tools.list().map(({ name, description, kind, input, inputJsonSchema, server }) => ({
			name,
			description,
			kind,
			inputSchema: { ...(inputJsonSchema ?? z.toJSONSchema(input, { io: "input", unrepresentable: "any" })) },
			server: server ?? null,
		})),
		servers: mcp.status(),
	};
}
