/** What a person meant by a line: a command, a shell command of their own, or words for the model. */
export type ParsedInput =
	| { readonly kind: "command"; readonly name: string; readonly arguments: string }
	| { readonly kind: "shell"; readonly command: string }
	| { readonly kind: "prompt"; readonly text: string }
	| { readonly kind: "nothing" };

const commandPattern = /^\/([a-z][a-z0-9_:-]{0,63})(?:[ \t\n]+([\s\S]*))?$/i;

/**
 * Reads what was entered. A slash is a command only where a name follows it directly (`/tmp/x.log is big` is none: a name
 * has no second slash); `!` begins a shell command; a leading space makes anything a prompt.
 */
export function parseInput(text: string): ParsedInput {
	if (text.trim() === "") {
		return { kind: "nothing" };
	}
	const command = commandPattern.exec(text.trimEnd());
	if (command?.[1] !== undefined) {
		return { kind: "command", name: command[1].toLowerCase(), arguments: (command[2] ?? "").trim() };
	}
	if (text.startsWith("!")) {
		const shell = text.slice(1).trim();
		return shell === "" ? { kind: "nothing" } : { kind: "shell", command: shell };
	}
	return { kind: "prompt", text: text.trim() };
}
