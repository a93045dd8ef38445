import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta connect`. */
export const connectSpec: CommandSpec = {
	name: "connect",
	summary: "find the host that runs LMX and look whether it can be used",
	description:
		"Looks at an address, else at the configured one, at hosts that announce themselves on the local network, and at this computer.",
	arguments: [{ name: "[address]", summary: "host, host:port or http://host:port" }],
	options: [
		{ flags: "--save", summary: "keep the first one that can be used as connection.host and connection.port" },
		{ flags: "--timeout <time>", summary: "so long the local network is asked", value: "duration", defaultText: "2s" },
		jsonOption,
	],
	examples: ["opta connect", "opta connect mono512.local --save", "opta connect --json | jq '.hosts[0].models'"],
	exits: ["failed", "configuration", "unreachable", "interrupted"],
	load: async () => (await import("./run-connect.ts")).runConnect,
};
