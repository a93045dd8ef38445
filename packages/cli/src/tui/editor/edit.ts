import { type EditorState, editorLimits, unitBoundaries, withText } from "./editor-state.ts";

/** What a key does to the text. `up` and `down` move between lines of the text; the screen's own lines are `editor-layout.ts`. */
export type EditCommand =
	| { readonly type: "insert"; readonly text: string }
	| { readonly type: "move"; readonly to: "left" | "right" | "wordLeft" | "wordRight" | "lineStart" | "lineEnd" | "start" | "end" }
	| { readonly type: "place"; readonly cursor: number }
	| { readonly type: "erase"; readonly what: "left" | "right" }
	| { readonly type: "kill"; readonly what: "wordLeft" | "wordRight" | "toLineStart" | "toLineEnd" }
	| { readonly type: "yank" }
	| { readonly type: "undo" }
	| { readonly type: "redo" }
	| { readonly type: "replace"; readonly start: number; readonly end: number; readonly text: string }
	| { readonly type: "set"; readonly text: string };

/** The editor after a command. */
export function edit(state: EditorState, command: EditCommand): EditorState {
	switch (command.type) {
		case "insert":
			return splice(state, state.cursor, state.cursor, command.text, "type");
		case "replace":
			return splice(state, command.start, command.end, command.text, "other");
		case "set":
			return withText(state, { text: command.text, cursor: command.text.length }, "other");
		case "move":
			return { ...state, cursor: target(state, command.to), last: "other" };
		case "place":
			return { ...state, cursor: unitBoundaries(state).findLast((at) => at <= command.cursor) ?? 0, last: "other" };
		case "erase": {
			const to = target(state, command.what);
			return to === state.cursor ? state : splice(state, Math.min(to, state.cursor), Math.max(to, state.cursor), "", "other");
		}
		case "kill":
			return kill(state, command.what);
		case "yank": {
			const text = state.kills.at(-1);
			return text === undefined ? state : splice(state, state.cursor, state.cursor, text, "yank");
		}
		case "undo":
			return step(state, state.past, "undo");
		case "redo":
			return step(state, state.future, "redo");
	}
}

function splice(state: EditorState, start: number, end: number, text: string, kind: EditorState["last"]): EditorState {
	if (start === end && text === "") {
		return state;
	}
	return withText(state, { text: state.text.slice(0, start) + text + state.text.slice(end), cursor: start + text.length }, kind);
}

function kill(state: EditorState, what: Extract<EditCommand, { type: "kill" }>["what"]): EditorState {
	const place = { wordLeft: "wordLeft", wordRight: "wordRight", toLineStart: "lineStart", toLineEnd: "lineEnd" } as const;
	const reached = target(state, place[what]);
	// At the end of a line the break itself is killed, as in Emacs.
	const to = what === "toLineEnd" && reached === state.cursor ? target(state, "right") : reached;
	const [start, end] = [Math.min(to, state.cursor), Math.max(to, state.cursor)];
	if (start === end) {
		return state;
	}
	const text = state.text.slice(start, end);
	const before = state.last === "kill" ? state.kills.at(-1) : undefined;
	const joined = to < state.cursor ? text + (before ?? "") : (before ?? "") + text;
	const kills = [...(before === undefined ? state.kills : state.kills.slice(0, -1)), joined].slice(-editorLimits.kills);
	return { ...splice(state, start, end, "", "kill"), kills };
}

function step(state: EditorState, from: EditorState["past"], direction: "undo" | "redo"): EditorState {
	const next = from.at(-1);
	if (next === undefined) {
		return state;
	}
	const now = { text: state.text, cursor: state.cursor };
	return {
		...state,
		...next,
		past: direction === "undo" ? state.past.slice(0, -1) : [...state.past, now],
		future: direction === "undo" ? [...state.future, now] : state.future.slice(0, -1),
		last: "other",
	};
}

function target(state: EditorState, to: Extract<EditCommand, { type: "move" }>["to"]): number {
	const { text, cursor } = state;
	const boundaries = unitBoundaries(state);
	switch (to) {
		case "left":
			return boundaries.findLast((at) => at < cursor) ?? 0;
		case "right":
			return boundaries.find((at) => at > cursor) ?? text.length;
		case "wordLeft":
			return wordEdge(state, [...boundaries].reverse(), -1);
		case "wordRight":
			return wordEdge(state, boundaries, 1);
		case "lineStart":
			return text.lastIndexOf("\n", cursor - 1) + 1;
		case "lineEnd":
			return text.indexOf("\n", cursor) < 0 ? text.length : text.indexOf("\n", cursor);
		case "start":
			return 0;
		case "end":
			return text.length;
	}
}

/** Over what is no word, then over the word. */
function wordEdge({ text, cursor }: EditorState, boundaries: readonly number[], direction: 1 | -1): number {
	const ahead = boundaries.filter((at) => (direction === 1 ? at > cursor : at < cursor));
	let inWord = false;
	let previous = cursor;
	for (const at of ahead) {
		const unit = direction === 1 ? text.slice(previous, at) : text.slice(at, previous);
		const isWord = /[\p{L}\p{N}_]/u.test(unit);
		if (inWord && !isWord) {
			return previous;
		}
		inWord ||= isWord;
		previous = at;
	}
	return previous;
}
