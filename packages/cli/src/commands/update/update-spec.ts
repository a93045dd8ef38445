import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta update`. */
export const updateSpec: CommandSpec = {
	name: "update",
	summary: "look whether there is a newer opta, where you allow that",
	description: "Asks the npm registry, and only where updates.check is on: nothing else of opta leaves your network. Installs nothing.",
	options: [jsonOption],
	exits: ["failed", "configuration", "unreachable"],
	load: async () => (await import("./run-update.ts")).runUpdate,
};
