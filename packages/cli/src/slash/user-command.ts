import type { SlashCommand } from "./builtin-commands.ts";

/** A command that a person wrote as a Markdown file; its text becomes the prompt. */
export interface UserCommand extends SlashCommand {
	readonly text: string;
	/** Where it was read from. */
	readonly file: string;
}

const frontMatter = /^---[ \t]*\r?\n([\s\S]*?)\r?\n?---[ \t]*(?:\r?\n|$)/;

/**
 * Reads a command's file: optional front matter between `---` lines with `description` and `usage` (`key: value` lines, as in
 * YAML; other keys are ignored), then the prompt. Without a description the first line of the prompt describes it.
 */
export function parseUserCommand(name: string, file: string, source: string): UserCommand {
	const head = frontMatter.exec(source);
	const text = (head === null ? source : source.slice(head[0].length)).trim();
	const values = new Map(
		(head?.[1] ?? "")
			.split(/\r?\n/)
			.map(readPair)
			.filter((pair) => pair !== null),
	);
	const firstLine = (text.split("\n", 1)[0] ?? "").replace(/^#+\s*/, "");
	return { name, file, text, usage: values.get("usage") ?? "", description: values.get("description") ?? firstLine.slice(0, 120) };
}

function readPair(line: string): [string, string] | null {
	const colon = line.indexOf(":");
	if (colon <= 0 || /^\s/.test(line)) {
		return null;
	}
	const value = line.slice(colon + 1).trim();
	const quoted = /^(["'])(.*)\1$/.exec(value);
	return [line.slice(0, colon).trim().toLowerCase(), quoted?.[2] ?? value];
}

/** The prompt of a command: `$ARGUMENTS` is replaced by what was written behind it, or that is added at the end. */
export function expandUserCommand(command: UserCommand, commandArguments: string): string {
	if (command.text.includes("$ARGUMENTS")) {
		return command.text.replaceAll("$ARGUMENTS", () => commandArguments);
	}
	return commandArguments === "" ? command.text : `${command.text}\n\n${commandArguments}`;
}
