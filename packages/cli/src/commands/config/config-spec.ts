import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration"];

/** `opta config`. */
export const configSpec: CommandSpec = {
	name: "config",
	summary: "read and change settings",
	description:
		"Settings come from flags (--set), the environment (OPTA_…), the project (.opta/config.json) and the user's file, in this order. " +
		"Files are JSON with comments.",
	children: [
		{
			name: "get",
			summary: "print a setting as it holds here",
			arguments: [{ name: "<name>", summary: "dotted, such as connection.host" }],
			options: [jsonOption],
			examples: ["opta config get connection.host"],
			exits,
			load: async () => (await import("./read-config.ts")).runGet,
		},
		{
			name: "set",
			summary: "change a setting of the user",
			description:
				"Changes a setting of the user. The admin key goes to the keychain; leave its value out to be asked for it, or pipe it in.",
			arguments: [
				{ name: "<name>", summary: "dotted, such as connection.host" },
				{ name: "[value]", summary: "text, or JSON; left out for secrets" },
			],
			examples: [
				"opta config set connection.host mono512.local",
				"opta config set permissions.mode edit",
				"opta config set connection.adminKey < key",
			],
			exits,
			load: async () => (await import("./change-config.ts")).runSet,
		},
		{
			name: "unset",
			summary: "take a setting of the user back",
			arguments: [{ name: "<name>", summary: "dotted, such as connection.host" }],
			exits,
			load: async () => (await import("./change-config.ts")).runUnset,
		},
		{
			name: "edit",
			summary: "open the user's file in an editor ($VISUAL, $EDITOR)",
			exits,
			load: async () => (await import("./edit-config.ts")).runEdit,
		},
		{
			name: "list",
			summary: "print every setting as it holds here",
			options: [jsonOption],
			exits,
			load: async () => (await import("./read-config.ts")).runList,
		},
		{
			name: "path",
			summary: "print where the user's file is",
			exits: [],
			load: async () => (await import("./read-config.ts")).runPath,
		},
	],
};
