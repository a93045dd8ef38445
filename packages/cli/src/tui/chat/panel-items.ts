import { rank } from "../completion/rank.ts";
import type { ChatState } from "./chat-state.ts";
import type { Panel, PanelItem } from "./panel.ts";

/** Lines of a list that match what was typed, best first. */
export function panelItems(panel: Extract<Panel, { kind: "list" }>, state: ChatState): readonly PanelItem[] {
	const items = panel.items(state);
	return panel.query === "" ? items : rank(items, panel.query, (item) => `${item.label} ${item.note}`, items.length);
}

/** The line that Enter would choose. */
export function selectedItem(panel: Extract<Panel, { kind: "list" }>, state: ChatState): PanelItem | undefined {
	const items = panelItems(panel, state);
	return items[Math.min(panel.selected, items.length - 1)];
}
