"use client";

import type { Block } from "@opta/host-client/session/transcript";
import { Notice } from "@opta/ui/notice.tsx";
import { memo, type ReactNode } from "react";
import { AnswerText } from "../chat/answer-text.tsx";
import { formatDuration } from "../host/format-duration.ts";
import { DiffView } from "./diff-view.tsx";
import { plainText } from "./plain-text.ts";
import { ToolBlock } from "./tool-block.tsx";

interface TranscriptBlockProps {
	readonly block: Block;
	/** Calls that wait for an answer. */
	readonly waiting: ReadonlySet<string>;
}

/** One piece of a session. What is settled is drawn once. */
export function TranscriptBlock({ block, waiting }: TranscriptBlockProps) {
	switch (block.kind) {
		case "user":
			return <UserText text={block.text} attachments={block.attachments} />;
		case "text":
			return <ModelText text={block.text} base={block.base} growing={!block.settled} />;
		case "reasoning":
			return <Reasoning text={block.text} growing={!block.settled} />;
		case "tool":
			return <ToolBlock run={block.run} decision={block.decision} waits={waiting.has(block.run.callId)} />;
		case "diff":
			return <DiffView diff={block.text} />;
		case "error":
			return (
				<Notice tone="bad" title={block.title} live={false}>
					{plainText(block.text)}
				</Notice>
			);
		case "note":
			return <p className="text-sm text-muted">{block.text}</p>;
		case "done":
			return <TurnEnd done={block.done} />;
	}
}

const UserText = memo(function UserText({ text, attachments }: Pick<Extract<Block, { kind: "user" }>, "text" | "attachments">) {
	return (
		<Said by="You" edge="border-edge">
			<p className="leading-7 whitespace-pre-wrap wrap-anywhere">{plainText(text)}</p>
			{attachments.map(({ name, content }) => (
				<details key={name} className="mt-2 text-sm text-muted">
					<summary>{name}</summary>
					<pre className="mt-1 max-h-60 overflow-auto text-xs whitespace-pre-wrap wrap-anywhere">{plainText(content).slice(0, 20_000)}</pre>
				</details>
			))}
		</Said>
	);
});

interface ModelTextProps {
	readonly text: string;
	/** Above 0 where the beginning was missed; it comes with the whole message. */
	readonly base: number;
	readonly growing: boolean;
}

const ModelText = memo(function ModelText({ text, base, growing }: ModelTextProps) {
	return (
		<Said by="Agent" edge="border-accent">
			<AnswerText text={base > 0 ? `… ${text}` : text} growing={growing} />
		</Said>
	);
});

function Said({ by, edge, children }: { readonly by: string; readonly edge: string; readonly children: ReactNode }) {
	return (
		<article className={`min-w-0 border-l-2 pl-4 ${edge}`}>
			<h2 className="label-mono mb-1">{by}</h2>
			{children}
		</article>
	);
}

const Reasoning = memo(function Reasoning({ text, growing }: { readonly text: string; readonly growing: boolean }) {
	return (
		<details className="pl-4 text-sm text-muted">
			<summary className="min-h-8 py-1">{growing ? "Thinking …" : "Thoughts"}</summary>
			<p className="mt-1 max-h-80 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{plainText(text)}</p>
		</details>
	);
});

const reasons = {
	stop: "",
	length: "ended at the length limit",
	cancelled: "cancelled",
	step_limit: "ended at the limit of steps",
} as const;

const TurnEnd = memo(function TurnEnd({ done }: Pick<Extract<Block, { kind: "done" }>, "done">) {
	const parts = [reasons[done.reason], done.model ?? "", formatDuration(done.durationMs), `${done.usage.completionTokens} tokens`];
	return <p className="font-mono text-xs text-muted">{parts.filter(Boolean).join(" · ")}</p>;
});
