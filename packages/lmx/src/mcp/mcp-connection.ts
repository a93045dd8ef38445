import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { build } from "@opta/contracts/build";
import type { McpServerConfig } from "@opta/contracts/schema/lmx-config";
import type { Logger } from "pino";
import { resultText } from "./result-text.ts";

const connectMs = 20_000;
const listMs = 20_000;
const callMs = 60_000;
/** A list that goes on for ever is cut here. */
const maxPages = 20;
/** A message of a server may be this long. */
const maxMessageBytes = 16 * 1024 * 1024;

/** A tool of a server. */
export interface McpTool {
	readonly name: string;
	readonly description: string | undefined;
	readonly inputSchema: Record<string, unknown>;
}

/** What a call gave. */
export interface McpOutcome {
	readonly isError: boolean;
	readonly text: string;
}

/** An open connection to an MCP server. */
export interface McpConnection {
	listTools(signal: AbortSignal): Promise<readonly McpTool[]>;
	/** Never throws: what goes wrong is an outcome for the model to read. */
	call(name: string, args: Record<string, unknown>, signal: AbortSignal): Promise<McpOutcome>;
	/** Ends the connection, and the server's process where LMX started it. */
	close(): Promise<void>;
}

/** The SDK takes a while to load, so only those who use it pay. */
async function openTransport(config: McpServerConfig, logger: Logger): Promise<Transport> {
	if ("url" in config) {
		const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/sdk/client/streamableHttp.js");
		return new StreamableHTTPClientTransport(new URL(config.url), { requestInit: { headers: config.headers } }) as Transport;
	}
	const { StdioClientTransport } = await import("@modelcontextprotocol/sdk/client/stdio.js");
	const { command, args, env } = config;
	const transport = new StdioClientTransport({ command, args, env, stderr: "pipe", maxBufferSize: maxMessageBytes });
	transport.stderr?.on("data", (data: Buffer) => logger.debug({ text: data.toString("utf8").slice(0, 2000) }, "MCP server"));
	return transport;
}

async function listAll(client: Client, signal: AbortSignal): Promise<McpTool[]> {
	const tools: McpTool[] = [];
	let cursor: string | undefined;
	for (let page = 0; page < maxPages; page++) {
		const answer = await client.listTools(cursor === undefined ? {} : { cursor }, { signal, timeout: listMs });
		tools.push(...answer.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })));
		cursor = answer.nextCursor;
		if (cursor === undefined) {
			break;
		}
	}
	return tools;
}

/** Connects to a server: starts its command, or opens its address. `onClose` hears once when the connection has ended by itself. */
export async function openMcpConnection(config: McpServerConfig, logger: Logger, onClose: () => void): Promise<McpConnection> {
	const { Client } = await import("@modelcontextprotocol/sdk/client/index.js");
	const client = new Client({ name: "opta-lmx", version: build });
	const transport = await openTransport(config, logger);
	client.onclose = onClose;
	try {
		await client.connect(transport, { timeout: connectMs });
	} catch (error) {
		await transport.close();
		throw error;
	}
	let tools: readonly McpTool[] | null = null;
	const { ToolListChangedNotificationSchema } = await import("@modelcontextprotocol/sdk/types.js");
	client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
		tools = null;
	});
	return {
		async listTools(signal) {
			tools ??= await listAll(client, signal);
			return tools;
		},
		async call(name, args, signal) {
			try {
				const result = await client.callTool({ name, arguments: args }, undefined, { signal, timeout: callMs, maxTotalTimeout: callMs });
				if (!("content" in result) || !Array.isArray(result.content)) {
					return { isError: true, text: "The tool gave no result." };
				}
				return { isError: result.isError === true, text: resultText(result as Parameters<typeof resultText>[0]) };
			} catch (error) {
				return { isError: true, text: `The tool failed: ${error instanceof Error ? error.message : String(error)}` };
			}
		},
		close: () => client.close(),
	};
}
