import type { CommandSpec } from "../../program/command-spec.ts";

/** `opta attach`. */
export const attachSpec: CommandSpec = {
	name: "attach",
	summary: "follow and go on with a session that another client has open, too",
	description: "Opens a session on the screen. Without a terminal, or with --stream-json, it prints what happens in it.",
	arguments: [{ name: "[id]", summary: "the session; last where missing" }],
	options: [
		{ flags: "--stream-json", summary: "print the session and then its events, a JSON line for each" },
		{ flags: "--until-idle", summary: "with --stream-json or without a terminal: leave when no turn runs or waits" },
		{ flags: "--tui", summary: "the full screen" },
	],
	examples: ["opta attach", "opta attach 019ab3 --stream-json | jq -c .type"],
	exits: ["failed", "unreachable", "interrupted"],
	load: async () => (await import("./run-attach.ts")).runAttach,
};
