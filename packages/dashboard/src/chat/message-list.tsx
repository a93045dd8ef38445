"use client";

import { Button } from "@opta/ui/button.tsx";
import type { ReactNode } from "react";
import { AnswerView } from "./answer-view.tsx";
import type { ChatSession, ChatState } from "./chat-session.ts";
import type { Answer } from "./conversation.ts";
import { LiveAnswer } from "./live-answer.tsx";
import { turnsOf } from "./turns.ts";
import { useConversationScroll } from "./use-conversation-scroll.ts";

interface MessageListProps {
	readonly session: ChatSession;
	readonly state: ChatState;
	/** Asks the last question again; null while that is not possible. */
	readonly answerAgain: (() => void) | null;
	/** Shown before the first question. */
	readonly empty: ReactNode;
}

/** The conversation. Not a live region: tokens are not read out one by one. */
export function MessageList({ session, state, answerAgain, empty }: MessageListProps) {
	const turns = turnsOf(state.conversation.entries);
	const { viewport, content, atEnd, followEnd } = useConversationScroll(turns.length);
	return (
		<div className="relative min-h-0 flex-1">
			<section
				ref={viewport}
				aria-label="Conversation"
				aria-busy={state.running}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
				tabIndex={0}
				className="h-full overflow-y-auto overscroll-contain -outline-offset-2 [container-type:size]"
			>
				<div className="mx-auto max-w-3xl py-6">
					{turns.length === 0 && state.restored ? empty : null}
					<ol ref={content}>
						{turns.map(({ question, answer }, index) => (
							<li
								key={question.id}
								className="grid content-start gap-8 not-first:mt-8 [contain-intrinsic-size:auto_20rem] last:min-h-[calc(100cqh-3rem)] not-last:[content-visibility:auto]"
							>
								<article className="border-l-2 border-edge pl-4">
									<h2 className="label-mono mb-1">You</h2>
									<p className="leading-7 whitespace-pre-wrap wrap-anywhere">{question.text}</p>
								</article>
								{answer === null ? null : (
									<AnswerArticle session={session} answer={answer} answerAgain={index === turns.length - 1 ? answerAgain : null} />
								)}
							</li>
						))}
					</ol>
				</div>
			</section>
			{atEnd ? null : (
				<Button variant="secondary" onClick={followEnd} className="absolute bottom-3 left-1/2 -translate-x-1/2 bg-surface">
					Latest
				</Button>
			)}
		</div>
	);
}

interface AnswerArticleProps {
	readonly session: ChatSession;
	readonly answer: Answer;
	readonly answerAgain: (() => void) | null;
}

function AnswerArticle({ session, answer, answerAgain }: AnswerArticleProps) {
	return (
		<article className="min-w-0 border-l-2 border-accent pl-4">
			<h2 className="label-mono mb-1">{answer.model}</h2>
			{answer.state === "running" ? <LiveAnswer session={session} /> : <AnswerView answer={answer} answerAgain={answerAgain} />}
		</article>
	);
}
