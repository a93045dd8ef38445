"use client";

import { Button } from "@opta/ui/button.tsx";
import { CopyButton } from "@opta/ui/copy-button.tsx";
import { memo } from "react";
import { HostProblem } from "../host/host-problem.tsx";
import { AnswerText } from "./answer-text.tsx";
import type { Answer, AnswerFigures } from "./conversation.ts";
import { useClipboardAllowed } from "./use-clipboard-allowed.ts";

interface AnswerViewProps {
	readonly answer: Answer;
	/** Asks again in place of this answer; null where it is not the last one, or none can be asked. */
	readonly answerAgain: (() => void) | null;
}

const endings: Partial<Record<Answer["state"], string>> = {
	stopped: "Stopped by you.",
	interrupted: "Interrupted when the page was left.",
};

/** A settled answer: its text, what was measured, what can be done with it. */
export const AnswerView = memo(function AnswerView({ answer, answerAgain }: AnswerViewProps) {
	const ending = answer.finishReason === "length" ? "Ended at the length limit." : endings[answer.state];
	return (
		<>
			{answer.text === "" ? null : <AnswerText text={answer.text} growing={false} />}
			{answer.text === "" && answer.state === "done" ? <p className="text-muted">The model answered with nothing.</p> : null}
			{ending === undefined ? null : <p className="mt-2 text-sm text-muted">{ending}</p>}
			{answer.error === null ? null : (
				<div className="mt-3">
					<HostProblem
						error={answer.error}
						retry={answerAgain ?? (() => undefined)}
						retryLabel="Ask again"
						retrying={answerAgain === null}
					/>
				</div>
			)}
			<AnswerFooter answer={answer} answerAgain={answerAgain} />
		</>
	);
});

function AnswerFooter({ answer, answerAgain }: AnswerViewProps) {
	const clipboard = useClipboardAllowed();
	const figures = figuresText(answer.figures);
	if (answer.text === "" && answer.error !== null) {
		return null;
	}
	return (
		<div className="mt-2 -ml-2 flex min-h-8 flex-wrap items-center gap-x-2">
			{clipboard && answer.text !== "" ? <CopyButton text={answer.text} label="answer" /> : null}
			{answerAgain === null || answer.error !== null ? null : (
				<Button variant="quiet" onClick={answerAgain} className="min-h-8 px-2 py-0 text-xs">
					Regenerate
				</Button>
			)}
			{figures === "" ? null : <p className="pl-2 font-mono text-xs text-muted tabular-nums">{figures}</p>}
		</div>
	);
}

/** `212 tokens/s · 64 tokens · first token 0.12 s`, as far as it is known. */
function figuresText({ tokensPerSecond, tokens, firstTextMs }: AnswerFigures): string {
	return [
		tokensPerSecond === null ? "" : `${tokensPerSecond.toFixed(0)} tokens/s`,
		tokens === null ? "" : `${tokens} tokens`,
		firstTextMs === null ? "" : `first token ${(firstTextMs / 1000).toFixed(2)} s`,
	]
		.filter(Boolean)
		.join(" · ");
}
