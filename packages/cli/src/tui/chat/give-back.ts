import type { EditorState } from "../editor/editor-state.ts";
import type { Chat } from "./chat.ts";

/** Puts words that were not taken back into the editor, unless something was written there meanwhile. */
export function giveBack({ store }: Chat, editor: EditorState): void {
	store.update((state) => (state.editor.text === "" ? { ...state, editor } : state));
}
