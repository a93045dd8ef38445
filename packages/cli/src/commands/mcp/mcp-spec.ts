import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration"];

/** `opta mcp`. */
export const mcpSpec: CommandSpec = {
	name: "mcp",
	summary: "add, list and remove servers of tools (Model Context Protocol)",
	children: [
		{
			name: "add",
			summary: "add a server: a program on this computer, or an address",
			arguments: [
				{ name: "<name>", summary: "lower-case letters, digits, - and _; tools are called mcp__<name>__…" },
				{ name: "[command...]", summary: "the program with its arguments, behind --" },
			],
			options: [
				{ flags: "--url <address>", summary: "a server that speaks HTTP, instead of a program" },
				{
					flags: "--env <name=value>",
					summary: "a variable for the program; NAME=$" + "{NAME} is taken from the environment; may be repeated",
					value: "list",
				},
				{ flags: "--header <name=value>", summary: "a header for the address; may be repeated", value: "list" },
			],
			examples: [
				"opta mcp add files -- npx -y @modelcontextprotocol/server-filesystem .",
				"opta mcp add home --url http://127.0.0.1:8123/mcp --header 'authorization=Bearer $" + "{HOME_TOKEN}'",
			],
			exits,
			load: async () => (await import("./change-mcp.ts")).runAddMcp,
		},
		{
			name: "list",
			summary: "list servers, and how they are where a daemon runs",
			options: [jsonOption],
			exits,
			load: async () => (await import("./list-mcp.ts")).runListMcp,
		},
		{
			name: "remove",
			summary: "remove a server",
			arguments: [{ name: "<name>", summary: "the server" }],
			exits,
			load: async () => (await import("./change-mcp.ts")).runRemoveMcp,
		},
	],
};
