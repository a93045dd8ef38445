import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta status`. */
export const statusSpec: CommandSpec = {
	name: "status",
	summary: "print in a few lines how daemon, host and account are",
	options: [jsonOption],
	exits: ["failed", "configuration", "unreachable"],
	load: async () => (await import("./run-status.ts")).runStatus,
};
