/** A command of the chat. */
export interface SlashCommand {
	/** Without the slash. */
	readonly name: string;
	/** What may follow it, for people. */
	readonly usage: string;
	readonly description: string;
}

/** The commands that are part of the program, in the order of the help. */
export const builtinCommands = [
	{ name: "help", usage: "", description: "Keys and commands" },
	{ name: "model", usage: "[name]", description: "Choose the model, or see their states" },
	{ name: "sessions", usage: "[words]", description: "Go to another session" },
	{ name: "new", usage: "", description: "Begin a new session" },
	{ name: "fork", usage: "", description: "Go on in a copy of this session" },
	{ name: "rewind", usage: "", description: "Go back to before a message: conversation, files or both" },
	{ name: "compact", usage: "", description: "Summarise older messages for the model; nothing is deleted" },
	{ name: "diff", usage: "", description: "What this session changed in files" },
	{ name: "permissions", usage: "[plan|ask|edit|auto]", description: "Waiting questions, and what may happen without asking" },
	{ name: "mcp", usage: "", description: "MCP servers and their tools" },
	{ name: "memory", usage: "[words to keep]", description: "What is remembered of this project" },
	{ name: "settings", usage: "", description: "Settings, daemon and account" },
	{ name: "whoami", usage: "", description: "Who is signed in" },
	{ name: "export", usage: "[file]", description: "Save this session as Markdown, or as JSON with a name that ends in .json" },
	{ name: "clear", usage: "", description: "Clear the screen; the session stays" },
	{ name: "quit", usage: "", description: "Leave; the session and its turns go on" },
] as const satisfies readonly SlashCommand[];

/** Name of a command that is part of the program. */
export type BuiltinName = (typeof builtinCommands)[number]["name"];

/** True when the program itself has this command. */
export function isBuiltin(name: string): name is BuiltinName {
	return builtinCommands.some((command) => command.name === name);
}
