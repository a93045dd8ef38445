import { isBuiltin } from "../../slash/builtin-commands.ts";
import { parseInput } from "../../slash/parse-input.ts";
import { expandUserCommand } from "../../slash/user-command.ts";
import { emptyEditor, usedAttachments } from "../editor/editor-state.ts";
import { rememberPrompt, startHistory } from "../editor/prompt-history.ts";
import { answerQuestion } from "./answer-question.ts";
import type { Chat } from "./chat.ts";
import { giveBack } from "./give-back.ts";
import { appendHistory } from "./history-file.ts";
import { runCommand } from "./run-command.ts";
import { runShell } from "./run-shell.ts";
import { sendPrompt } from "./send-prompt.ts";
import { shownQuestion } from "./shown-question.ts";

/** Does what was written: a command, a shell command, the answer to a question, or a prompt for the model. */
export async function submit(chat: Chat, mode: "queue" | "steer"): Promise<void> {
	const { store } = chat;
	const { editor, commands } = store.get();
	const parsed = parseInput(editor.text);
	if (parsed.kind === "nothing") {
		return;
	}
	store.update((state) => {
		const entries = rememberPrompt(state.history.entries, editor.text);
		return { ...state, editor: { ...emptyEditor, kills: editor.kills }, completion: null, hint: null, history: startHistory(entries) };
	});
	await appendHistory(chat, editor.text);
	const attachments = usedAttachments(editor);
	if (parsed.kind === "shell") {
		return await runShell(chat, parsed.command);
	}
	if (parsed.kind === "prompt") {
		const asked = shownQuestion(store.get());
		if (asked?.kind !== "question") {
			return await sendPrompt(chat, { text: parsed.text, attachments, editor }, mode);
		}
		if (!(await answerQuestion(chat, asked, { decision: "allow", text: parsed.text }))) {
			giveBack(chat, editor);
		}
		return;
	}
	const own = commands.find((command) => command.name === parsed.name);
	if (isBuiltin(parsed.name)) {
		await runCommand(chat, parsed.name, parsed.arguments);
	} else if (own !== undefined && "text" in own) {
		await sendPrompt(chat, { text: expandUserCommand(own, parsed.arguments), attachments, editor }, mode);
	} else {
		store.update((state) => ({ ...state, editor }));
		store.update((state) => ({
			...state,
			hint: `There is no /${parsed.name}. /help lists all; a space before the slash sends it as words.`,
		}));
	}
}
