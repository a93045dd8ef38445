"use client";

import { useSyncExternalStore } from "react";
import { AnswerText } from "./answer-text.tsx";
import type { ChatSession } from "./chat-session.ts";

function noText(): string {
	return "";
}

/** The answer that is being written. */
export function LiveAnswer({ session }: { readonly session: ChatSession }) {
	const text = useSyncExternalStore(session.subscribeLiveText, session.getLiveText, noText);
	return text === "" ? <p className="text-muted">Reading the question …</p> : <AnswerText text={text} growing />;
}
