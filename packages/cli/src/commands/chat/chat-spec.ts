import { permissionModes } from "@opta/contracts/daemon-protocol";
import type { CommandSpec, ExitName, OptionSpec } from "../../program/command-spec.ts";

const options: readonly OptionSpec[] = [
	{ flags: "-m, --model <id>", summary: "the model to use", defaultText: "as configured" },
	{ flags: "--mode <mode>", summary: "what may be done without asking", choices: permissionModes, defaultText: "as configured" },
	{ flags: "-s, --session <id>", summary: "go on with this session; last: the one used last in this folder" },
];
const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];

/** `opta chat`. */
export const chatSpec: CommandSpec = {
	name: "chat",
	summary: "talk with the agent in this folder",
	arguments: [{ name: "[prompt...]", summary: "the first message" }],
	options: [{ flags: "--tui", summary: "the full screen" }, ...options],
	examples: ["opta chat", "opta chat --tui", 'opta chat "what does this project do?"', "opta chat --session last"],
	exits,
	load: async () => (await import("./run-chat.ts")).runChat,
};

/** `opta tui`. */
export const tuiSpec: CommandSpec = {
	name: "tui",
	summary: "the full screen: sessions, stream, tools, approvals, models",
	options,
	examples: ["opta tui"],
	exits,
	load: async () => (await import("./run-chat.ts")).runTui,
};
