"use client";

import { Button } from "@opta/ui/button.tsx";
import { type ReactNode, useEffect } from "react";
import { AnswerView } from "./answer-view.tsx";
import type { ChatSession, ChatState } from "./chat-session.ts";
import type { ChatEntry } from "./conversation.ts";
import { LiveAnswer } from "./live-answer.tsx";
import { useStickToEnd } from "./use-stick-to-end.ts";

interface MessageListProps {
	readonly session: ChatSession;
	readonly state: ChatState;
	/** Asks the last question again; null while that is not possible. */
	readonly answerAgain: (() => void) | null;
	/** Shown before the first question. */
	readonly empty: ReactNode;
}

/** The conversation, scrolled to its end unless the reader scrolls up. Not a live region: tokens are not read out. */
export function MessageList({ session, state, answerAgain, empty }: MessageListProps) {
	const { viewport, content, atEnd, goToEnd } = useStickToEnd();
	const { entries } = state.conversation;
	const questions = entries.filter(({ role }) => role === "user").length;

	useEffect(() => {
		if (questions > 0) {
			goToEnd();
		}
	}, [questions, goToEnd]);

	return (
		<div className="relative min-h-0 flex-1">
			<section
				ref={viewport}
				aria-label="Conversation"
				aria-busy={state.running}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
				tabIndex={0}
				className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
			>
				<div ref={content} className="mx-auto max-w-3xl py-6">
					{entries.length === 0 && state.restored ? empty : null}
					<ol>
						{entries.map((entry, index) => (
							<li key={entry.id} className="not-first:mt-8 [contain-intrinsic-size:auto_10rem] not-last:[content-visibility:auto]">
								<Entry session={session} entry={entry} answerAgain={index === entries.length - 1 ? answerAgain : null} />
							</li>
						))}
					</ol>
				</div>
			</section>
			{atEnd ? null : (
				<Button variant="secondary" onClick={goToEnd} className="absolute bottom-3 left-1/2 -translate-x-1/2 bg-surface">
					Latest
				</Button>
			)}
		</div>
	);
}

interface EntryProps {
	readonly session: ChatSession;
	readonly entry: ChatEntry;
	readonly answerAgain: (() => void) | null;
}

function Entry({ session, entry, answerAgain }: EntryProps) {
	if (entry.role === "user") {
		return (
			<article className="border-l-2 border-edge pl-4">
				<h2 className="label-mono mb-1">You</h2>
				<p className="leading-7 whitespace-pre-wrap wrap-anywhere">{entry.text}</p>
			</article>
		);
	}
	return (
		<article className="border-l-2 border-accent pl-4">
			<h2 className="label-mono mb-1">{entry.model}</h2>
			{entry.state === "running" ? <LiveAnswer session={session} /> : <AnswerView answer={entry} answerAgain={answerAgain} />}
		</article>
	);
}
