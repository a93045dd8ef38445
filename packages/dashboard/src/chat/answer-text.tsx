"use client";

import { lazy, Suspense, useMemo } from "react";
import { splitBlocks } from "./split-blocks.ts";

function importMarkdown() {
	return import("./markdown.tsx");
}

const Markdown = lazy(importMarkdown);

/** Fetches the renderer before it is needed. Failing is no harm: text is shown as it is, and the next use tries again. */
export function preloadMarkdown(): void {
	importMarkdown().catch(() => undefined);
}

interface AnswerTextProps {
	readonly text: string;
	/** True while more may come: then the last block is plain text, and costs nothing to lay out again. */
	readonly growing: boolean;
}

/** An answer's text, each finished block rendered once. */
export function AnswerText({ text, growing }: AnswerTextProps) {
	const { finished, open } = useMemo(() => splitBlocks(text), [text]);
	return (
		<div className="leading-7 wrap-anywhere">
			{finished.map((block, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: finished blocks never move
				<Block key={index} text={block} />
			))}
			{growing ? <PlainText text={open} /> : <Block text={open} />}
		</div>
	);
}

function Block({ text }: { readonly text: string }) {
	return (
		<div className="not-first:mt-3">
			<Suspense fallback={<PlainText text={text} />}>
				<Markdown text={text} />
			</Suspense>
		</div>
	);
}

function PlainText({ text }: { readonly text: string }) {
	return <p className="whitespace-pre-wrap not-first:mt-3">{text}</p>;
}
