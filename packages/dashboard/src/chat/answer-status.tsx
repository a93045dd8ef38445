"use client";

import { useEffect, useRef, useState } from "react";
import type { ChatState } from "./chat-session.ts";
import type { Answer } from "./conversation.ts";

const words: Partial<Record<Answer["state"], string>> = { done: "Answer complete.", stopped: "Answer stopped." };

/** Tells people who listen when an answer has ended, once; failures announce themselves. */
export function AnswerStatus({ state }: { readonly state: ChatState }) {
	const [message, setMessage] = useState("");
	const wasRunning = useRef(false);
	const last = state.conversation.entries.at(-1);
	const ended = !state.running && last?.role === "assistant" ? last.state : null;

	useEffect(() => {
		if (state.running) {
			setMessage("");
		} else if (wasRunning.current && ended !== null) {
			setMessage(words[ended] ?? "");
		}
		wasRunning.current = state.running;
	}, [state.running, ended]);

	return (
		<p role="status" className="sr-only">
			{message}
		</p>
	);
}
