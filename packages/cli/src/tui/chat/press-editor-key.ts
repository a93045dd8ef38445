import { type EditCommand, edit } from "../editor/edit.ts";
import { layoutEditor, verticalTarget } from "../editor/editor-layout.ts";
import type { EditorState } from "../editor/editor-state.ts";
import { stepHistory } from "../editor/prompt-history.ts";
import type { ChatState } from "./chat-state.ts";

const commands: Readonly<Record<string, EditCommand>> = {
	left: { type: "move", to: "left" },
	right: { type: "move", to: "right" },
	"ctrl+b": { type: "move", to: "left" },
	"ctrl+f": { type: "move", to: "right" },
	"alt+left": { type: "move", to: "wordLeft" },
	"alt+right": { type: "move", to: "wordRight" },
	"ctrl+left": { type: "move", to: "wordLeft" },
	"ctrl+right": { type: "move", to: "wordRight" },
	"alt+b": { type: "move", to: "wordLeft" },
	"alt+f": { type: "move", to: "wordRight" },
	home: { type: "move", to: "lineStart" },
	end: { type: "move", to: "lineEnd" },
	"ctrl+a": { type: "move", to: "lineStart" },
	"ctrl+e": { type: "move", to: "lineEnd" },
	"ctrl+home": { type: "move", to: "start" },
	"ctrl+end": { type: "move", to: "end" },
	backspace: { type: "erase", what: "left" },
	delete: { type: "erase", what: "right" },
	"ctrl+h": { type: "erase", what: "left" },
	"ctrl+w": { type: "kill", what: "wordLeft" },
	"alt+backspace": { type: "kill", what: "wordLeft" },
	"alt+d": { type: "kill", what: "wordRight" },
	"ctrl+u": { type: "kill", what: "toLineStart" },
	"ctrl+k": { type: "kill", what: "toLineEnd" },
	"ctrl+y": { type: "yank" },
	"ctrl+_": { type: "undo" },
	"alt+_": { type: "redo" },
	"shift+enter": { type: "insert", text: "\n" },
	"alt+enter": { type: "insert", text: "\n" },
	"ctrl+j": { type: "insert", text: "\n" },
};

/** The state after a key of the editor; null where the key is none. `columns` is the width that the text is shown in. */
export function pressEditorKey(state: ChatState, name: string, columns: number): ChatState | null {
	if (name === "up" || name === "down") {
		return moveVertically(state, name, columns);
	}
	const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
	return command === undefined ? null : { ...state, editor: edit(state.editor, command) };
}

/** Up and down go through the rows of the text, and beyond its edges through earlier prompts. */
function moveVertically(state: ChatState, direction: "up" | "down", columns: number): ChatState {
	const place = verticalTarget(layoutEditor(state.editor, columns), direction);
	if (place !== null) {
		return { ...state, editor: edit(state.editor, { type: "place", cursor: place }) };
	}
	const step = stepHistory(state.history, direction === "up" ? "older" : "newer", state.editor.text);
	return step === null ? state : { ...state, history: step.cursor, editor: withHistoryText(state.editor, step.text) };
}

function withHistoryText(editor: EditorState, text: string): EditorState {
	return edit(editor, { type: "set", text });
}
