import type { CommandSpec } from "../../program/command-spec.ts";

/** `opta acp`. */
export const acpSpec: CommandSpec = {
	name: "acp",
	summary: "speak the Agent Client Protocol over stdio, for editors",
	description:
		"An editor starts this program and talks to it over stdin and stdout (https://agentclientprotocol.com). Sessions are those of the daemon.",
	examples: ["opta acp"],
	exits: ["failed", "configuration", "unreachable", "interrupted"],
	load: async () => (await import("./run-acp.ts")).runAcp,
};
