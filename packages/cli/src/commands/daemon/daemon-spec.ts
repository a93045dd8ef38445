import { type CommandSpec, type ExitName, jsonOption, type OptionSpec } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "unreachable"];
const stopOptions: readonly OptionSpec[] = [
	{ flags: "--drain <time>", summary: "so long may running turns go on", value: "duration", defaultText: "30s" },
	{ flags: "--force", summary: "interrupt running turns at once" },
	jsonOption,
];

/** `opta daemon`. */
export const daemonSpec: CommandSpec = {
	name: "daemon",
	summary: "start, stop and look after the process that keeps the sessions",
	description: "Other commands start the daemon by themselves; it goes on when they end.",
	children: [
		{
			name: "start",
			summary: "start the daemon, if none runs",
			options: [
				{ flags: "--port <number>", summary: "the only port to try", value: "port", defaultText: "9999, else 10000 to 10020" },
				jsonOption,
			],
			exits,
			load: async () => (await import("./start-and-stop.ts")).runStart,
		},
		{
			name: "stop",
			summary: "stop the daemon",
			options: stopOptions,
			exits,
			load: async () => (await import("./start-and-stop.ts")).runStop,
		},
		{
			name: "restart",
			summary: "stop the daemon and start a new one",
			options: stopOptions,
			exits,
			load: async () => (await import("./start-and-stop.ts")).runRestart,
		},
		{
			name: "status",
			summary: "print what the daemon does and holds, and its ceilings",
			options: [jsonOption],
			exits,
			load: async () => (await import("./daemon-status.ts")).runDaemonStatus,
		},
		{
			name: "logs",
			summary: "print the log of the daemon",
			options: [
				{ flags: "-n, --lines <count>", summary: "how many", value: "integer", defaultText: "50" },
				{ flags: "-f, --follow", summary: "go on with what is written" },
				{ flags: "--json", summary: "print the lines as they are in the file" },
			],
			exits: ["failed", "interrupted"],
			load: async () => (await import("./daemon-logs.ts")).runLogs,
		},
		{
			name: "install",
			summary: "let the system start the daemon when you sign in",
			options: [{ flags: "--print", summary: "print what would be written, and write nothing" }],
			exits: ["failed"],
			load: async () => (await import("./install-daemon.ts")).runInstall,
		},
		{
			name: "uninstall",
			summary: "take that back",
			exits: ["failed"],
			load: async () => (await import("./install-daemon.ts")).runUninstall,
		},
		{
			name: "pair",
			summary: "show a code with which a desktop app or page of this computer becomes a client",
			options: [
				{ flags: "--list", summary: "list paired clients instead" },
				{ flags: "--revoke <client>", summary: "take the access of a client away instead" },
				jsonOption,
			],
			exits,
			load: async () => (await import("./pair-client.ts")).runPair,
		},
	],
};
