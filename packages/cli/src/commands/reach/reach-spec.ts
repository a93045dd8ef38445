import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];
const grantWords = "see, approve, turns; commas between";

/** `opta reach`. */
export const reachSpec: CommandSpec = {
	name: "reach",
	summary: "follow and steer this computer's sessions from elsewhere, through a host",
	children: [
		{
			name: "status",
			summary: "print which host is joined, over what, what is allowed, and what was done from elsewhere last",
			options: [jsonOption],
			exits,
			load: async () => (await import("./show-reach.ts")).runReachStatus,
			isDefault: true,
		},
		{
			name: "on",
			summary: "join a host, so that you reach this computer's sessions in the dashboard",
			description:
				"This computer's daemon joins the host by a connection of its own: nothing listens here, and the host itself sees nothing. " +
				"Nobody but you gets in. On a terminal each thing that may be done from elsewhere is asked for; scripts say it with --allow.",
			arguments: [{ name: "[host]", summary: "name or id; may be left out where you use one host only" }],
			options: [
				{ flags: "--allow <grants>", summary: `what may be done from elsewhere: ${grantWords}`, defaultText: "see, without a terminal" },
				jsonOption,
			],
			examples: ["opta reach on", "opta reach on Mono512 --allow see,approve"],
			exits,
			load: async () => (await import("./join-reach.ts")).runReachOn,
		},
		{
			name: "allow",
			summary: "change what may be done from elsewhere",
			description:
				"see: follow sessions, with everything that they show. approve: answer approvals and cancel turns. " +
				"turns: start turns, begin, change and rewind sessions. Configuration, secrets and pairing stay with this computer.",
			arguments: [{ name: "<grants>", summary: grantWords }],
			options: [jsonOption],
			examples: ["opta reach allow see", "opta reach allow see,approve,turns"],
			exits,
			load: async () => (await import("./change-reach.ts")).runReachAllow,
		},
		{
			name: "off",
			summary: "leave the host; everything from elsewhere ends at once",
			options: [jsonOption],
			exits,
			load: async () => (await import("./change-reach.ts")).runReachOff,
		},
	],
};
