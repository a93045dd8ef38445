/** Variables of ours that are no business of commands: what steers Opta, and keys that it may hold. */
const ours = /^(OPTA_|ANTHROPIC_API_KEY$)/;

/** Keeps programs from waiting for a person that is not there. */
const unattended = { PAGER: "cat", GIT_PAGER: "cat", MANPAGER: "cat", GIT_TERMINAL_PROMPT: "0", DEBIAN_FRONTEND: "noninteractive" };

/** Variables for a command: those of the session's terminal without ours, and the given ones on top. */
export function commandEnvironment(
	ofTerminal: Readonly<Record<string, string>>,
	terminal: boolean,
	...onTop: readonly Readonly<Record<string, string>>[]
): Record<string, string> {
	const kept = Object.fromEntries(Object.entries(ofTerminal).filter(([name]) => !ours.test(name)));
	return Object.assign(kept, unattended, { TERM: terminal ? "xterm-256color" : "dumb" }, ...onTop);
}
