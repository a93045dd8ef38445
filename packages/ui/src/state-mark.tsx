import type { ReactNode } from "react";

/** State of a watched thing; `none` means that nothing is known, never that all is well. */
export type MarkState = "ok" | "warn" | "bad" | "none";

const marks: Record<MarkState, { readonly colour: string; readonly shape: ReactNode }> = {
	ok: { colour: "text-ok", shape: <circle cx="6" cy="6" r="4.5" className="fill-current" /> },
	warn: { colour: "text-warn", shape: <path d="M6 .8 11.6 11H.4Z" className="fill-current" /> },
	bad: { colour: "text-bad", shape: <path d="M1.5 1.5 10.5 10.5M10.5 1.5 1.5 10.5" className="stroke-current" strokeWidth="2.4" /> },
	none: {
		colour: "text-muted",
		shape: <circle cx="6" cy="6" r="4.4" className="fill-none stroke-current" strokeWidth="1.4" strokeDasharray="2.2 2.2" />,
	},
};

interface StateMarkProps {
	readonly state: MarkState;
	readonly label: string;
	readonly className?: string;
}

/** A state as a shape and a word, so that colour is never the only sign. */
export function StateMark({ state, label, className = "" }: StateMarkProps) {
	return (
		<span className={`inline-flex items-center gap-2 font-mono text-[0.8125rem] whitespace-nowrap ${marks[state].colour} ${className}`}>
			<svg viewBox="0 0 12 12" className="size-2.5 shrink-0" aria-hidden="true">
				{marks[state].shape}
			</svg>
			{label}
		</span>
	);
}
