import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta doctor`. */
export const doctorSpec: CommandSpec = {
	name: "doctor",
	summary: "look through everything that opta needs, and say how to mend it",
	description: "Looks at one layer after the other. Ends with 1 where something is broken; what only limits opta is a warning.",
	options: [jsonOption],
	exits: ["failed"],
	load: async () => (await import("./run-doctor.ts")).runDoctor,
};
