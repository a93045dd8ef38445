import type { Attachment } from "@opta/contracts/schema/daemon-message";

/** Text and place of the cursor (UTF-16 index, never inside a unit). */
export interface EditorText {
	readonly text: string;
	readonly cursor: number;
}

/** What is being written, with all that editing needs. */
export interface EditorState extends EditorText {
	/** Earlier texts, newest last; and those undone, newest last. */
	readonly past: readonly EditorText[];
	readonly future: readonly EditorText[];
	/** Killed texts, newest last. */
	readonly kills: readonly string[];
	/** What the last command was, so that typing is undone in one piece and kills in a row are one. */
	readonly last: "type" | "kill" | "yank" | "other";
	/** Pasted text that stands in the text as a label. */
	readonly attachments: readonly EditorAttachment[];
}

/** A pasted text, or the output of a command, and the label that stands for it. */
export interface EditorAttachment extends Attachment {
	/** `[Pasted 120 lines]`; one unit for the cursor. */
	readonly label: string;
}

/** Longest memory for undo and for killed texts. */
export const editorLimits = { undo: 200, kills: 20 } as const;

/** An empty editor. */
export const emptyEditor: EditorState = { text: "", cursor: 0, past: [], future: [], kills: [], last: "other", attachments: [] };

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Boundaries of the units that the cursor moves by: characters as people count them (Unicode TR 29), and labels whole. */
export function unitBoundaries(state: Pick<EditorState, "text" | "attachments">): number[] {
	const { text } = state;
	const boundaries: number[] = [];
	let index = 0;
	while (index < text.length) {
		const at = index;
		const label = state.attachments.find((attachment) => text.startsWith(attachment.label, at))?.label;
		const next = label === undefined ? nextLabel(state, at) : at + label.length;
		if (label === undefined) {
			for (const part of graphemes.segment(text.slice(at, next))) {
				boundaries.push(at + part.index);
			}
		} else {
			boundaries.push(at);
		}
		index = next;
	}
	return [...boundaries, text.length];
}

function nextLabel({ text, attachments }: Pick<EditorState, "text" | "attachments">, from: number): number {
	const starts = attachments.map((attachment) => text.indexOf(attachment.label, from)).filter((start) => start >= 0);
	return Math.min(text.length, ...starts);
}

/** The boundary nearest to the left of (or at) an index. */
export function boundaryAt(state: Pick<EditorState, "text" | "attachments">, index: number): number {
	return unitBoundaries(state).findLast((boundary) => boundary <= index) ?? 0;
}

/** The state with another text, remembered for undo; a letter typed after a letter belongs to the same step. */
export function withText(state: EditorState, next: EditorText, kind: EditorState["last"]): EditorState {
	const joined = kind === "type" && state.last === "type";
	const past = joined ? state.past : [...state.past, { text: state.text, cursor: state.cursor }].slice(-editorLimits.undo);
	return { ...state, text: next.text, cursor: boundaryAt({ ...state, text: next.text }, next.cursor), past, future: [], last: kind };
}

/** Attachments whose label still stands in the text, once each, in the order of the text. */
export function usedAttachments(state: EditorState): Attachment[] {
	return state.attachments
		.filter((attachment) => state.text.includes(attachment.label))
		.sort((left, right) => state.text.indexOf(left.label) - state.text.indexOf(right.label))
		.map(({ kind, name, content }) => ({ kind, name, content }));
}
