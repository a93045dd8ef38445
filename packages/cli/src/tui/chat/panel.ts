import type { ChatState } from "./chat-state.ts";

/** One line that can be chosen. */
export interface PanelItem {
	readonly id: string;
	readonly label: string;
	/** Dimmed, behind the label. */
	readonly note: string;
	/** Of the present choice. */
	readonly current?: boolean;
	/** Shown below the list while the line is selected. */
	readonly detail?: string;
}

/** Something laid over the prompt: a list to choose from, or a text to read. */
export type Panel =
	| {
			readonly kind: "list";
			readonly title: string;
			/** What is shown when there is nothing. */
			readonly empty: string;
			readonly query: string;
			readonly selected: number;
			/** Whether typing narrows the list; otherwise letters are keys of `actions`. */
			readonly filter: boolean;
			readonly items: (state: ChatState) => readonly PanelItem[];
			readonly choose: (id: string) => void;
			/** By key name. */
			readonly actions: Readonly<Record<string, { readonly label: string; readonly run: (id: string) => void }>>;
	  }
	| { readonly kind: "text"; readonly title: string; readonly text: string; readonly scroll: number };
