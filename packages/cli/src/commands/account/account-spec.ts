import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];

/** `opta account`. */
export const accountSpec: CommandSpec = {
	name: "account",
	summary: "sign this computer in to an Opta account",
	children: [
		{
			name: "login",
			summary: "sign in with the browser",
			description:
				"Opens the browser to approve this computer. Compare the code that both show. The sign-in is kept in the keychain, " +
				"else in a file that you alone can read, and the keys of your vault are brought here.",
			options: [
				{ flags: "--device", summary: "no browser here: type a code on another device" },
				{ flags: "--no-browser", summary: "print the address and open nothing" },
				{ flags: "--no-vault", summary: "bring no keys of the vault" },
				{ flags: "--name <name>", summary: "what this computer is called in your account", defaultText: "its host name" },
				{ flags: "--timeout <time>", summary: "so long to wait for the browser", value: "duration", defaultText: "10m" },
				jsonOption,
			],
			examples: ["opta account login", "opta account login --device"],
			exits,
			load: async () => (await import("./login.ts")).runLogin,
		},
		{
			name: "logout",
			summary: "sign this computer out",
			options: [jsonOption],
			exits,
			load: async () => (await import("./show-account.ts")).runLogout,
		},
		{
			name: "whoami",
			summary: "print who is signed in",
			options: [jsonOption],
			exits,
			load: async () => (await import("./show-account.ts")).runWhoAmI,
		},
		{
			name: "devices",
			summary: "print this computer's entry in the account, and where all are",
			options: [jsonOption],
			exits,
			load: async () => (await import("./show-account.ts")).runDevices,
		},
	],
};
