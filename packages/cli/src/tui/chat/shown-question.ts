import type { PendingPermission } from "@opta/contracts/schema/daemon-permission";
import type { ChatState } from "./chat-state.ts";

/** Letters typed while a question appears were meant for the prompt: only after this time they answer it. */
export const answerDelayMs = 400;

/** The question of this session that is shown: the oldest. */
export function shownQuestion(state: Pick<ChatState, "view">): PendingPermission | undefined {
	return state.view.permissions[0];
}

/** Notes when a question appeared, and forgets it when it is gone. */
export function trackQuestion(state: ChatState, nowMs: number): ChatState {
	const id = shownQuestion(state)?.id;
	if (id === state.question?.id) {
		return state;
	}
	return { ...state, question: id === undefined ? null : { id, sinceMs: nowMs, scroll: 0 } };
}

/** True when the next letter answers: nothing is being written, and the question has been there for a moment. */
export function answersByKey(state: ChatState, nowMs: number): boolean {
	const asked = shownQuestion(state);
	return (
		asked !== undefined &&
		asked.kind === "tool" &&
		state.editor.text === "" &&
		state.panel === null &&
		state.question !== null &&
		nowMs - state.question.sinceMs >= answerDelayMs
	);
}
