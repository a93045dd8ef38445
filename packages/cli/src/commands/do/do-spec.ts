import { permissionModes } from "@opta/contracts/daemon-protocol";
import { type CommandSpec, jsonOption } from "../../program/command-spec.ts";

/** `opta do`. */
export const doSpec: CommandSpec = {
	name: "do",
	summary: "let the agent do one task and leave",
	description:
		"Lets the agent do one task in the current folder, without a screen. The answer goes to stdout, what happens meanwhile to stderr. " +
		"What is piped in goes with the task; without a task it is the task. " +
		"Where a permission is needed and there is no terminal to ask on, it is denied, the agent goes on without, and the exit code is 5.",
	arguments: [{ name: "[task...]", summary: "what to do; - reads it from stdin" }],
	options: [
		jsonOption,
		{ flags: "--stream-json", summary: "print a JSON line for everything that happens, as it happens" },
		{ flags: "--partial", summary: "with --stream-json: the answer's text as it is written, too" },
		{ flags: "-m, --model <id>", summary: "the model to use", defaultText: "as configured" },
		{ flags: "--mode <mode>", summary: "what may be done without asking", choices: permissionModes, defaultText: "as configured" },
		{ flags: "-s, --session <id>", summary: "go on with this session; last: the one used last in this folder" },
		{
			flags: "--allow <tool:pattern>",
			summary: "allow a tool for this task, such as 'run_command:npm test*'; may be repeated",
			value: "list",
		},
		{ flags: "--wait-for-approval", summary: "leave questions to other clients of the session instead of denying them" },
		{ flags: "--timeout <time>", summary: "cancel the task after this time, such as 90s or 10m", value: "duration" },
		{ flags: "--no-stdin", summary: "read nothing from stdin" },
	],
	examples: [
		'opta do "add a test for the parser"',
		'git diff --staged | opta do "write a commit message for this"',
		'opta do --mode plan --json "what does this project do?" | jq -r .text',
		"opta do --allow 'run_command:npm test*' \"make the tests pass\"",
	],
	exits: ["failed", "configuration", "unreachable", "denied", "limit", "interrupted"],
	load: async () => (await import("./run-do.ts")).runDo,
};
