import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable"];

/** `opta bot`. */
export const botSpec: CommandSpec = {
	name: "bot",
	summary: "create, list and remove bots of the gateway",
	children: [
		{
			name: "create",
			summary: "create a bot",
			options: [
				{ flags: "--name <name>", summary: "the name of the bot", required: true },
				{ flags: "--port <number>", summary: "its port", value: "port", defaultText: "the next free one from 19000" },
				{ flags: "--model <id>", summary: "its model", defaultText: "auto" },
				{ flags: "--prompt <text>", summary: "what it is told before every chat; @file reads it from a file" },
				jsonOption,
			],
			examples: ['opta bot create --name "Notes" --port 19001 --model qwen3-8b --prompt "You keep my notes."'],
			exits,
			load: async () => (await import("./run-bot.ts")).runCreateBot,
		},
		{
			name: "list",
			summary: "list bots",
			options: [jsonOption],
			exits,
			load: async () => (await import("./run-bot.ts")).runListBots,
		},
		{
			name: "remove",
			summary: "remove a bot",
			arguments: [{ name: "<name>", summary: "the bot" }],
			options: [jsonOption],
			exits,
			load: async () => (await import("./run-bot.ts")).runRemoveBot,
		},
	],
};
