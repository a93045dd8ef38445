import path from "node:path";
import type { DaemonTools } from "@opta/contracts/schema/daemon-status";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import type { Tool } from "../tool.ts";
import { type KnownTool, openKnownTools } from "./known-tools.ts";
import { McpServer } from "./mcp-server.ts";
import { mcpTool, signInTool, toolProblem } from "./mcp-tool.ts";
import type { ConnectionParts } from "./open-transport.ts";

/** What MCP servers need. */
export interface McpParts extends ConnectionParts {
	/** `mcp` of the configuration, by name. */
	readonly servers: Readonly<Record<string, McpServerConfig>>;
	/** Folder that keeps which tools servers have. */
	readonly stateFolder: string;
	readonly onProblem: (server: string, message: string) => void;
}

/** The MCP servers of the configuration, shared by all sessions. */
export interface McpServers {
	/**
	 * By server and name, always in the same order. Starts nothing: lists are those last seen until a server is started. Take
	 * it once per turn: servers may change their lists at any time, and a prompt must not change under its model.
	 */
	readonly tools: () => readonly Tool[];
	/** As `GET /v3/tools` shows them; `off` is one that is disabled or was not needed yet. */
	readonly status: () => DaemonTools["servers"];
	/** Starts those whose tools were never seen; resolves when each is ready or has failed. */
	readonly connect: () => Promise<void>;
	/** Signs in to a server that needs it; `open` is told where to send the person. Rejects with what is wrong. */
	readonly signIn: (server: string, open: (url: URL) => void, signal: AbortSignal) => Promise<void>;
	readonly close: () => Promise<void>;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
	return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** Reads what is known of the servers; none is started by this. */
export async function openMcpServers(parts: McpParts): Promise<McpServers> {
	const known = await openKnownTools(path.join(parts.stateFolder, "mcp-tools.json"), parts.servers);
	const lists = new Map<string, readonly Tool[]>();
	const servers: McpServer[] = [];

	const offer = (server: McpServer, tools: readonly KnownTool[]): void => {
		const kind = "command" in (parts.servers[server.name] ?? {}) ? "execute" : "network";
		const usable = tools.filter((tool) => toolProblem(tool) === null);
		for (const tool of tools) {
			const problem = toolProblem(tool);
			if (problem !== null) {
				parts.onProblem(server.name, `The tool ${JSON.stringify(tool.name.slice(0, 100))} is not offered: ${problem}.`);
			}
		}
		lists.set(server.name, usable.map((tool) => mcpTool(server, tool, kind)).toSorted(byName));
	};

	for (const [name, config] of Object.entries(parts.servers).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
		if (config.enabled) {
			const server: McpServer = new McpServer(name, config, parts, async (tools) => {
				offer(server, tools);
				await known.set(name, tools);
			});
			servers.push(server);
			offer(server, known.of(name) ?? []);
		}
	}

	const start = async (server: McpServer): Promise<void> => {
		try {
			await server.connect();
		} catch (error) {
			parts.onProblem(server.name, error instanceof Error ? error.message : String(error));
		}
	};

	return {
		tools: () =>
			servers.flatMap((server) => [...(server.state === "needs_sign_in" ? [signInTool(server)] : []), ...(lists.get(server.name) ?? [])]),
		status: () =>
			Object.keys(parts.servers)
				.toSorted()
				.map((name) => {
					const server = servers.find((one) => one.name === name);
					return { name, state: server?.state ?? "off", problem: server?.problem ?? null, tools: lists.get(name)?.length ?? 0 };
				}),
		connect: async () => {
			await Promise.all(servers.filter((server) => known.of(server.name) === null).map(start));
		},
		signIn: async (name, open, signal) => {
			const server = servers.find((one) => one.name === name);
			if (server === undefined) {
				throw new Error(`There is no MCP server "${name}" that is switched on.`);
			}
			await server.signIn(open, signal);
		},
		close: async () => {
			await Promise.all(servers.map((server) => server.close()));
		},
	};
}
