"use client";

import { useEffect, useState } from "react";

const shownMs = 2_000;

type CopyState = "idle" | "copied" | "refused";

const words: Record<CopyState, string> = { idle: "Copy", copied: "Copied", refused: "Press Ctrl+C" };

/** Puts a text on the clipboard and says whether that worked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
	const [state, setState] = useState<CopyState>("idle");

	useEffect(() => {
		if (state === "idle") {
			return;
		}
		const timer = setTimeout(() => setState("idle"), shownMs);
		return () => clearTimeout(timer);
	}, [state]);

	async function copy(): Promise<void> {
		try {
			await navigator.clipboard.writeText(text);
			setState("copied");
		} catch {
			setState("refused");
		}
	}

	return (
		<button
			type="button"
			onClick={copy}
			className="min-h-8 rounded-sm px-2 font-mono text-xs text-muted hover:bg-raised hover:text-ink print:hidden"
		>
			<span aria-live="polite">{words[state]}</span>
			<span className="sr-only"> {label}</span>
		</button>
	);
}
