import type { DaemonTools } from "@opta/contracts/schema/daemon-status";
import type { McpServerConfig } from "@opta/contracts/schema/opta-config";
import type { fetch as undiciFetch } from "undici";
import type { Children } from "../../children/children.ts";
import type { Tool } from "../tool.ts";

/** What MCP servers need. */
export interface McpParts {
	/** `mcp` of the configuration, by name. */
	readonly servers: Readonly<Record<string, McpServerConfig>>;
	readonly children: Children;
	/** Goes through the guard of connections. */
	readonly fetch: typeof undiciFetch;
	/** Variables for programs, and those that `${NAME}` stands for. */
	readonly environment: Readonly<Record<string, string>>;
	/** Folder that keeps what is known of servers (lists of tools, sign-ins; mode 0600). */
	readonly stateFolder: string;
	/** Shows a person where to sign in. */
	readonly onSignIn: (server: string, url: URL) => void;
	readonly onProblem: (server: string, message: string) => void;
}

/** The MCP servers of the configuration, shared by all sessions. */
export interface McpServers {
	/** By server and name, always in the same order. Starts nothing: lists are those last seen until a server is started. */
	readonly tools: () => readonly Tool[];
	/** As `GET /v3/tools` shows them. */
	readonly status: () => DaemonTools["servers"];
	/** Starts those that were never seen, so that their tools are known; resolves when each is ready or has failed. */
	readonly connect: () => Promise<void>;
	/** Signs in to a server that said it needs it; resolves when it is ready or failed. */
	readonly signIn: (server: string) => Promise<void>;
	readonly close: () => Promise<void>;
}

/** Reads what is known of the servers; none is started by this. */
export async function openMcpServers(_parts: McpParts): Promise<McpServers> {
	return {
		tools: () => [],
		status: () => [],
		connect: () => Promise.resolve(),
		signIn: () => Promise.resolve(),
		close: () => Promise.resolve(),
	};
}
