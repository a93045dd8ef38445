import { type CommandSpec, type ExitName, jsonOption } from "../../program/command-spec.ts";

const exits: readonly ExitName[] = ["failed", "configuration", "unreachable", "interrupted"];

/** `opta vault`. */
export const vaultSpec: CommandSpec = {
	name: "vault",
	summary: "bring the keys of the account's vault to this computer",
	description: "The vault is encrypted end to end: this computer opens it with a key of its own, once another device has let it in.",
	children: [
		{
			name: "pull",
			summary: "bring the keys to the keychain of this computer",
			options: [{ flags: "--dry-run", summary: "print what would change, and change nothing" }, jsonOption],
			exits,
			load: async () => (await import("./pull-vault.ts")).runPullVault,
		},
		{
			name: "list",
			summary: "list the names of what is in the vault",
			options: [jsonOption],
			exits,
			load: async () => (await import("./list-vault.ts")).runListVault,
		},
		{
			name: "status",
			summary: "print whether this computer can open the vault",
			options: [jsonOption],
			exits,
			load: async () => (await import("./vault-status.ts")).runVaultStatus,
		},
		{
			name: "pair",
			summary: "ask the browser that has the vault open to let this computer in",
			options: [jsonOption],
			exits: [...exits, "denied"],
			load: async () => (await import("./pair-vault.ts")).runPairVault,
		},
	],
};
