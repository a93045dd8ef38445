import type { PendingPermission } from "@opta/contracts/schema/daemon-permission";
import type { ChatState } from "../chat/chat-state.ts";
import { answersByKey, shownQuestion } from "../chat/shown-question.ts";
import { drawDiff } from "../text/draw-diff.ts";
import { plainLine, plainText } from "../text/plain-text.ts";
import { countText } from "../text/quantity.ts";
import { withMargin, wrapText } from "../text/wrap.ts";
import type { Screen } from "./draw-state.ts";

/** Draws the question that waits for an answer, within that many rows; nothing where none waits. */
export function drawQuestion(state: ChatState, screen: Screen, rows: number): string[] {
	const { columns, style } = screen;
	const asked = shownQuestion(state);
	if (asked === undefined) {
		return [];
	}
	const width = columns - 2;
	const more = state.view.permissions.length - 1;
	const title = wrapText(style.bold(plainText(asked.title)), width);
	const detail = drawDetail(asked, width, style);
	const room = Math.max(1, rows - title.length - 3);
	const shown = detail.slice(0, room);
	const left = detail.length - shown.length;
	return [
		...withMargin(title, style.warning("? "), "  "),
		...withMargin(shown, "  "),
		...(left > 0 ? [style.dim(`  … ${countText(left, "more line")}. /permissions shows all.`)] : []),
		`  ${keys(asked, state, screen)}${more > 0 ? style.dim(`   ${more} more`) : ""}`,
		"",
	];
}

function drawDetail({ detail, kind, choices, title }: PendingPermission, width: number, style: Screen["style"]): string[] {
	if (kind === "question") {
		return (choices ?? []).map((choice, index) => `${index + 1}. ${plainLine(choice)}`).flatMap((line) => wrapText(line, width));
	}
	if (detail === undefined || plainLine(detail) === plainLine(title)) {
		return [];
	}
	return /^(@@ |\+\+\+ |--- )/m.test(detail)
		? drawDiff(detail, width, style)
		: plainText(detail)
				.trimEnd()
				.split("\n")
				.flatMap((line) => wrapText(line, width));
}

function keys(asked: PendingPermission, state: ChatState, { style, nowMs }: Screen): string {
	if (asked.kind === "question") {
		return style.dim(asked.choices === undefined ? "Type the answer" : "Type a number or an answer of your own");
	}
	if (state.editor.text !== "") {
		return style.dim("Empty the prompt to answer with a key");
	}
	if (!answersByKey(state, nowMs)) {
		return "";
	}
	const names = { once: "a once", session: "s session", project: "p project" };
	const offered = asked.scopes.map((scope) => names[scope]);
	return [...offered, "d deny"].map((name) => style.accent(name.slice(0, 1)) + style.dim(name.slice(1))).join("   ");
}
