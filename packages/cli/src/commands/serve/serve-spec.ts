import { type CommandSpec, type ExitName, jsonOption, type OptionSpec } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];
const sshOption: OptionSpec = { flags: "--ssh <target>", summary: "do it on that host over ssh, such as admin@mono512.local" };
const remoteOption: OptionSpec = { flags: "--remote <program>", summary: "with --ssh: what opta is called there", defaultText: "opta" };

/** `opta serve`. */
export const serveSpec: CommandSpec = {
	name: "serve",
	summary: "start, stop and look at LMX, here or on the host",
	description:
		"Runs the inference server on this computer, or over ssh on another. Where hostPolicy is client it refuses to host here. " +
		"Here it needs the platform: run opta from its repository, or say with --command what starts LMX.",
	children: [
		{
			name: "start",
			summary: "start LMX and wait until it answers",
			options: [
				{ flags: "--port <number>", summary: "its port", value: "port", defaultText: "1234" },
				{ flags: "--command <line>", summary: "what starts it; the shell takes it apart" },
				{ flags: "--timeout <time>", summary: "so long it may take", value: "duration", defaultText: "2m" },
				sshOption,
				remoteOption,
				jsonOption,
			],
			examples: ["opta serve start", "opta serve start --ssh admin@mono512.local"],
			exits,
			load: async () => (await import("./run-serve.ts")).runServeStart,
		},
		{
			name: "stop",
			summary: "stop the LMX that serve start has started",
			options: [sshOption, remoteOption, jsonOption],
			exits,
			load: async () => (await import("./run-serve.ts")).runServeStop,
		},
		{
			name: "status",
			summary: "print whether LMX runs",
			options: [sshOption, remoteOption, jsonOption],
			exits,
			load: async () => (await import("./run-serve.ts")).runServeStatus,
		},
	],
};
