import type { ReactNode } from "react";

/** What a notice is about. */
export type NoticeTone = "info" | "ok" | "warn" | "bad";

const tones: Record<NoticeTone, { readonly frame: string; readonly title: string }> = {
	info: { frame: "border-l-edge", title: "text-ink" },
	ok: { frame: "border-l-ok", title: "text-ok" },
	warn: { frame: "border-l-warn", title: "text-warn" },
	bad: { frame: "border-l-bad", title: "text-bad" },
};

interface NoticeProps {
	readonly tone?: NoticeTone;
	readonly title: string;
	readonly children?: ReactNode;
	/** False for notices that are part of a text from the start and need no announcement. */
	readonly live?: boolean;
	readonly className?: string;
}

function announcement(tone: NoticeTone, live: boolean): "alert" | "status" | "note" {
	if (!live) {
		return "note";
	}
	return tone === "bad" ? "alert" : "status";
}

/** A message about the state of things: failures are announced at once, the rest when the reader is free. */
export function Notice({ tone = "info", title, children, live = true, className = "" }: NoticeProps) {
	return (
		<div
			role={announcement(tone, live)}
			className={`rounded-md border border-l-4 border-line bg-surface px-4 py-3 text-sm ${tones[tone].frame} ${className}`}
		>
			<p className={`font-medium ${tones[tone].title}`}>{title}</p>
			{children === undefined ? null : <div className="mt-1 text-muted">{children}</div>}
		</div>
	);
}
