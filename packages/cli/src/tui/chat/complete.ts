import { findCompletion, mentionOf } from "../completion/find-completion.ts";
import { rank } from "../completion/rank.ts";
import { edit } from "../editor/edit.ts";
import type { ChatState, Completion } from "./chat-state.ts";

const mostItems = 8;

/** The state with what may be chosen for what stands at the cursor now. */
export function withCompletion(state: ChatState): ChatState {
	const target = findCompletion(state.editor);
	if (target === null) {
		return state.completion === null ? state : { ...state, completion: null };
	}
	const items = target.kind === "command" ? commandItems(state, target.query) : fileItems(state, target.query);
	return { ...state, completion: items.length === 0 ? null : { target, items, selected: 0 } };
}

function commandItems(state: ChatState, query: string): Completion["items"] {
	const names = state.commands.filter((command) => command.name.startsWith(query.toLowerCase()));
	const found = names.length > 0 ? names : rank(state.commands, query, (command) => command.name, mostItems);
	return found.slice(0, query === "" ? state.commands.length : mostItems).map((command) => ({
		text: `/${command.name}${command.usage === "" ? "" : " "}`,
		label: `/${command.name}`,
		note: command.description,
	}));
}

function fileItems(state: ChatState, query: string): Completion["items"] {
	return rank(state.files, query, (file) => file, mostItems).map((file) => ({ text: `${mentionOf(file)} `, label: file, note: "" }));
}

/** The state with the selected choice written out. */
export function acceptCompletion(state: ChatState): ChatState {
	const { completion } = state;
	const item = completion?.items[completion.selected];
	if (completion === null || item === undefined) {
		return state;
	}
	const { start, end } = completion.target;
	return { ...state, editor: edit(state.editor, { type: "replace", start, end, text: item.text }), completion: null };
}

/** The state with the choice above or below selected. */
export function moveCompletion(state: ChatState, by: 1 | -1): ChatState {
	const { completion } = state;
	if (completion === null) {
		return state;
	}
	const { length } = completion.items;
	return { ...state, completion: { ...completion, selected: (completion.selected + by + length) % length } };
}
