import { type ArgumentSpec, type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "unreachable"];
const idArgument: ArgumentSpec = { name: "<id>", summary: "the session; a part of its id, or last" };

/** `opta sessions`. */
export const sessionsSpec: CommandSpec = {
	name: "sessions",
	summary: "list, show, search and keep sessions",
	children: [
		{
			name: "list",
			isDefault: true,
			summary: "list sessions, last used first",
			options: [
				{ flags: "-a, --all", summary: "of all folders, not of this one alone" },
				{ flags: "--trashed", summary: "those in the trash" },
				{ flags: "-n, --limit <count>", summary: "how many at most", value: "integer", defaultText: "50" },
				jsonOption,
			],
			examples: ["opta sessions", "opta sessions list --all --json | jq -r '.sessions[].id'"],
			exits,
			load: async () => (await import("./list-sessions.ts")).runListSessions,
		},
		{
			name: "show",
			summary: "print a session",
			arguments: [idArgument],
			options: [jsonOption],
			exits,
			load: async () => (await import("./show-session.ts")).runShowSession,
		},
		{
			name: "search",
			summary: "find sessions of all folders by words",
			arguments: [{ name: "<words...>", summary: "words of titles or messages" }],
			options: [{ flags: "-n, --limit <count>", summary: "how many at most", value: "integer", defaultText: "50" }, jsonOption],
			exits,
			load: async () => (await import("./list-sessions.ts")).runSearchSessions,
		},
		{
			name: "rename",
			summary: "give a session a title",
			arguments: [idArgument, { name: "<title...>", summary: "the title" }],
			options: [jsonOption],
			exits,
			load: async () => (await import("./change-session.ts")).runRename,
		},
		{
			name: "fork",
			summary: "begin a new session as a copy of one",
			arguments: [idArgument],
			options: [
				{ flags: "--message <id>", summary: "up to and with this message", defaultText: "everything" },
				{ flags: "--title <title>", summary: "the copy's title" },
				jsonOption,
			],
			exits,
			load: async () => (await import("./change-session.ts")).runFork,
		},
		{
			name: "rm",
			summary: "put sessions in the trash",
			arguments: [{ name: "<ids...>", summary: "the sessions" }],
			options: [jsonOption],
			examples: ["opta sessions rm 019ab3", "opta sessions restore 019ab3"],
			exits,
			load: async () => (await import("./change-session.ts")).runRemove,
		},
		{
			name: "restore",
			summary: "take a session out of the trash",
			arguments: [idArgument],
			options: [jsonOption],
			exits,
			load: async () => (await import("./change-session.ts")).runRestore,
		},
		{
			name: "export",
			summary: "write a session as a file",
			arguments: [idArgument],
			options: [
				{ flags: "-f, --format <format>", summary: "what to write", choices: ["markdown", "json"], defaultText: "markdown" },
				{ flags: "-o, --output <file>", summary: "where to", defaultText: "stdout" },
			],
			examples: ["opta sessions export last > session.md", "opta sessions export 019ab3 --format json -o session.json"],
			exits,
			load: async () => (await import("./transfer-session.ts")).runExport,
		},
		{
			name: "import",
			summary: "add a session from a file that export wrote as JSON",
			arguments: [{ name: "<file>", summary: "the file; - is stdin" }],
			options: [jsonOption],
			exits,
			load: async () => (await import("./transfer-session.ts")).runImport,
		},
	],
};
