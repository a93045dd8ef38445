import type { ChatState } from "./chat-state.ts";

/** Keys, in the order of the help. */
export const keyHelp: readonly (readonly [keys: string, does: string])[] = [
	["Enter", "send; while it works: queue or steer"],
	["Ctrl-Enter", "steer: joins the running turn (where the terminal tells it apart)"],
	["Ctrl-S", "Enter queues or steers"],
	["Shift-Enter, Alt-Enter, Ctrl-J", "new line"],
	["Esc", "stop the turn; twice on an empty prompt: rewind"],
	["Shift-Tab", "what may happen without asking: plan, ask, edit, auto"],
	["a s p d", "answer a question: once, session, project, deny"],
	["Up, Down, Ctrl-R", "earlier prompts, search in them"],
	["@file  /command  !command", "mention a file, run a command, run in your shell"],
	["Ctrl-W, Ctrl-U, Ctrl-K, Ctrl-Y", "cut word, to start, to end; put back"],
	["Ctrl-_, Alt-_, Ctrl-Z", "undo, redo; suspend to the shell"],
	["Alt-B, Alt-F, Ctrl-A, Ctrl-E", "by word; start and end of the line"],
	["Ctrl-T, Ctrl-O", "reasoning, whole output of tools"],
	["PgUp, PgDn", "scroll (full screen)"],
	["Ctrl-G, Ctrl-X, Ctrl-B", "sessions; waiting questions; list at the left"],
	["Ctrl-C, Ctrl-D", "clear the prompt, then leave"],
];

/** The help as text. */
export function helpText(state: Pick<ChatState, "commands">): string {
	const keyColumn = Math.max(...keyHelp.map(([keys]) => keys.length)) + 2;
	const keys = keyHelp.map(([name, does]) => `${name.padEnd(keyColumn)}${does}`);
	const commands = state.commands.map((command) => [
		`/${command.name}${command.usage === "" ? "" : ` ${command.usage}`}`,
		command.description,
	]);
	const nameColumn = Math.max(0, ...commands.map(([name = ""]) => name.length)) + 2;
	return ["Keys", "", ...keys, "", "Commands", "", ...commands.map(([name = "", does]) => `${name.padEnd(nameColumn)}${does}`)].join("\n");
}
