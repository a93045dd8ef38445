import type { Chat } from "./chat.ts";
import { closePanel } from "./list-panels.ts";
import type { Panel } from "./panel.ts";
import { panelItems, selectedItem } from "./panel-items.ts";
import type { KeyPress } from "./read-key.ts";

/** Handles a key while a panel is open: all of them belong to it. */
export function pressPanelKey(chat: Chat, panel: Panel, press: KeyPress, pageRows: number): void {
	if (press.kind === "key" && (press.name === "escape" || press.name === "ctrl+c")) {
		closePanel(chat);
	} else if (panel.kind === "text") {
		scrollText(chat, panel, press, pageRows);
	} else {
		pressListKey(chat, panel, press, pageRows);
	}
}

function scrollText(chat: Chat, panel: Extract<Panel, { kind: "text" }>, press: KeyPress, pageRows: number): void {
	const name = press.kind === "key" ? press.name : press.text;
	const by = { up: -1, down: 1, k: -1, j: 1, pageup: -pageRows, pagedown: pageRows, " ": pageRows, home: -Infinity, end: Infinity }[name];
	if (name === "q" || name === "enter") {
		closePanel(chat);
	} else if (by !== undefined) {
		const last = Math.max(0, panel.text.split("\n").length - pageRows);
		const scroll = Math.max(0, Math.min(last, panel.scroll + by));
		chat.store.update((state) => ({ ...state, panel: { ...panel, scroll } }));
	}
}

function pressListKey(chat: Chat, panel: Extract<Panel, { kind: "list" }>, press: KeyPress, pageRows: number): void {
	const { store } = chat;
	const last = Math.max(0, panelItems(panel, store.get()).length - 1);
	const change = (next: Partial<typeof panel>): void => store.update((state) => ({ ...state, panel: { ...panel, ...next } }));
	const selected = Math.min(panel.selected, last);
	const name = press.kind === "key" ? press.name : press.text;
	const action = Object.hasOwn(panel.actions, name) ? panel.actions[name] : undefined;
	if (action !== undefined) {
		action.run(selectedItem(panel, store.get())?.id ?? "");
		return;
	}
	if (press.kind === "text") {
		if (panel.filter) {
			change({ query: panel.query + press.text, selected: 0 });
		}
		return;
	}
	if (name === "enter") {
		const item = selectedItem(panel, store.get());
		if (item !== undefined) {
			panel.choose(item.id);
		}
		return;
	}
	const moves: Readonly<Record<string, Partial<typeof panel>>> = {
		up: { selected: selected === 0 ? last : selected - 1 },
		down: { selected: selected === last ? 0 : selected + 1 },
		tab: { selected: selected === last ? 0 : selected + 1 },
		pageup: { selected: Math.max(0, selected - pageRows) },
		pagedown: { selected: Math.min(last, selected + pageRows) },
		backspace: { query: panel.query.slice(0, -1), selected: 0 },
		"ctrl+u": { query: "", selected: 0 },
	};
	const move = Object.hasOwn(moves, name) ? moves[name] : undefined;
	if (move !== undefined) {
		change(move);
	}
}
