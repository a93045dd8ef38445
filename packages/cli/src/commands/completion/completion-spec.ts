import type { CommandSpec } from "../../program/command-spec.ts";

/** `opta completion`. */
export const completionSpec: CommandSpec = {
	name: "completion",
	summary: "print a script that completes commands in your shell",
	arguments: [{ name: "<shell>", summary: "the shell", choices: ["bash", "zsh", "fish"] }],
	examples: [
		"opta completion bash > ~/.local/share/bash-completion/completions/opta",
		"opta completion zsh > ~/.zfunc/_opta",
		"opta completion fish > ~/.config/fish/completions/opta.fish",
	],
	exits: [],
	load: async () => (await import("./run-completion.ts")).runCompletion,
};
