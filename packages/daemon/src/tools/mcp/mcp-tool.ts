import { z } from "zod";
import { defineTool, type Tool } from "../tool.ts";
import type { KnownTool } from "./known-tools.ts";
import { type McpServer, SignInNeededError } from "./mcp-server.ts";
import { resultOutcome } from "./result-text.ts";
import { mcpToolName } from "./tool-name.ts";

const inputSchema = z.record(z.string(), z.unknown());
/** Of a server's words about its tool: they stand in every prompt. */
const maxDescription = 4096;
const maxSchema = 64 * 1024;
const maxDetail = 8192;

/** Why a server's tool is not offered; null where it is. */
export function toolProblem(tool: KnownTool): string | null {
	return JSON.stringify(tool.inputSchema).length > maxSchema ? `its arguments take more than ${maxSchema} characters to describe` : null;
}

/** A server's tool as one of ours. What the server says of its harmlessness is not believed: each call is asked for. */
export function mcpTool(server: McpServer, tool: KnownTool, kind: "execute" | "network"): Tool {
	const name = mcpToolName(server.name, tool.name);
	return defineTool({
		name,
		description: tool.description.slice(0, maxDescription) || `The tool ${tool.name} of the MCP server ${server.name}.`,
		kind,
		input: inputSchema,
		inputJsonSchema: tool.inputSchema,
		server: server.name,
		access: (input) => ({
			title: `Use ${tool.name} of ${server.name}`,
			detail: JSON.stringify(input, null, "\t").slice(0, maxDetail),
			subjects: [tool.name],
			alwaysPatterns: [tool.name],
		}),
		run: async (input, context) => {
			try {
				return resultOutcome(await server.call(tool.name, input, context.signal, context.onOutput), context.maxOutputBytes);
			} catch (error) {
				const message = context.signal.aborted ? "Cancelled." : error instanceof Error ? error.message : String(error);
				return { ok: false, output: error instanceof SignInNeededError ? message : `${server.name}: ${message}` };
			}
		},
	});
}

/** Signs in to a server, which needs a person: offered while the server says so. */
export function signInTool(server: McpServer): Tool {
	return defineTool({
		name: mcpToolName(server.name, "sign_in"),
		description: `Signs in to the MCP server ${server.name}: shows the person where, and waits. Its tools can be used afterwards.`,
		kind: "interact",
		input: z.strictObject({}),
		server: server.name,
		access: () => ({ title: `Sign in to ${server.name}`, subjects: ["sign_in"], alwaysPatterns: ["sign_in"] }),
		run: async (_, context) => {
			const stop = new AbortController();
			let asked: Promise<void> = Promise.resolve();
			const signal = AbortSignal.any([context.signal, stop.signal]);
			const open = (url: URL) => {
				const question = `${server.name} needs you to sign in. Open this page, and answer when you have:\n${url.href}`;
				asked = context.ask(question, ["Done", "Give up"]).then((answer) => {
					if (answer !== "Done") {
						stop.abort();
					}
				});
			};
			try {
				await server.signIn(open, signal);
				await asked;
				return { ok: true, output: `Signed in to ${server.name}. Its tools are there from the next turn on.` };
			} catch (error) {
				return { ok: false, output: `Not signed in to ${server.name}: ${error instanceof Error ? error.message : String(error)}` };
			}
		},
	});
}
