import type { Attachment } from "@opta/contracts/schema/daemon-message";
import { plainText } from "../text/plain-text.ts";
import { countText } from "../text/quantity.ts";
import { edit } from "./edit.ts";
import type { EditorState } from "./editor-state.ts";

/** From here on a pasted text becomes an attachment. */
export const attachmentThreshold = { lines: 10, length: 1500 } as const;

/** Takes in a pasted text: short ones as typed, long ones as an attachment with a label in the text. */
export function paste(state: EditorState, text: string): EditorState {
	const clean = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n");
	const lines = clean.split("\n").length;
	if (lines <= attachmentThreshold.lines && clean.length <= attachmentThreshold.length) {
		return edit(state, { type: "insert", text: plainText(clean) });
	}
	return attach(state, { kind: "text", name: `Pasted ${countText(lines, "line")}`, content: clean });
}

/** Adds an attachment and its label at the cursor. */
export function attach(state: EditorState, attachment: Attachment): EditorState {
	const label = freeLabel(state, attachment.name.replace(/[[\]\n]/g, " "));
	const known = { ...state, attachments: [...state.attachments, { ...attachment, label }] };
	return edit(known, { type: "insert", text: label });
}

function freeLabel(state: EditorState, name: string): string {
	const taken = (label: string) => state.text.includes(label) || state.attachments.some((attachment) => attachment.label === label);
	let label = `[${name}]`;
	for (let number = 2; taken(label); number += 1) {
		label = `[${name} #${number}]`;
	}
	return label;
}
