import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta version`. */
export const versionSpec: CommandSpec = {
	name: "version",
	summary: "print versions of the program and of the interfaces it speaks",
	options: [jsonOption],
	exits: [],
	load: async () => (await import("./version.ts")).runVersion,
};
