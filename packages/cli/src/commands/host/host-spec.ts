import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta host`. */
export const hostSpec: CommandSpec = {
	name: "host",
	summary: "make this computer a host of your account",
	children: [
		{
			name: "claim",
			summary: "show a code, by which this computer becomes your host",
			description:
				"Enter the code at accounts, compare the fingerprint that both show, and this computer is your host. " +
				"Its key never leaves it; host.json with it lies in the folder of --state-dir, for its user alone.",
			options: [
				{ flags: "--accounts-origin <origin>", summary: "public address of accounts", defaultText: "accounts.origin" },
				{ flags: "--name <name>", summary: "what the host is called", defaultText: "its host name" },
				{ flags: "--again", summary: "claim a host anew that its owner revoked" },
				jsonOption,
			],
			examples: ["opta host claim", "opta host claim --accounts-origin https://accounts.optalocal.com --name Mono512"],
			exits: ["failed", "configuration", "unreachable", "interrupted"],
			load: async () => (await import("./run-claim.ts")).runHostClaim,
		},
	],
};
