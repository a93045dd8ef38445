import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { z } from "zod";

/** A small MCP server for tests: on stdio, or over HTTP with `http` as its argument (it prints its address then). */

function createTools(): McpServer {
	const server = new McpServer({ name: "test", version: "1.0.0" });
	server.registerTool("add", { description: "Adds two numbers.", inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
		content: [{ type: "text", text: String(a + b) }],
	}));
	server.registerTool("fail", { inputSchema: {} }, () => {
		throw new Error("no such file");
	});
	server.registerTool("big.result", { inputSchema: {} }, () => ({ content: [{ type: "text", text: "x".repeat(200_000) }] }));
	server.registerTool("pid", { inputSchema: {} }, () => ({ content: [{ type: "text", text: String(process.pid) }] }));
	server.registerTool("wait", { inputSchema: {} }, (_args, { signal }) => {
		process.stderr.write("waiting\n");
		return new Promise((_, reject) => {
			signal.addEventListener("abort", () => {
				process.stderr.write("cancelled\n");
				reject(new Error("cancelled"));
			});
		});
	});
	server.registerTool("die", { inputSchema: {} }, () => process.exit(1));
	return server;
}

if (process.argv[2] === "http") {
	const server = createServer(async (request, response) => {
		if (request.headers["x-key"] !== "secret") {
			response.writeHead(401).end();
			return;
		}
		const transport = new StreamableHTTPServerTransport({});
		await createTools().connect(transport as Transport);
		await transport.handleRequest(request, response);
	});
	server.listen(0, "127.0.0.1", () => {
		process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp\n`);
	});
} else {
	await createTools().connect(new StdioServerTransport());
}
