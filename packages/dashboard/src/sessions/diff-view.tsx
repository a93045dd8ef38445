import { ScrollRegion } from "@opta/ui/scroll-region.tsx";
import { memo } from "react";
import { type DiffLine, diffLines } from "./diff-lines.ts";
import { plainText } from "./plain-text.ts";

const mostLines = 2_000;

const looks: Readonly<Record<DiffLine["kind"], string>> = {
	file: "font-medium text-ink not-first:mt-3",
	place: "text-muted",
	added: "bg-ok/10 text-ok",
	removed: "bg-bad/10 text-bad",
	same: "text-muted",
};

/** A unified diff, line by line; signs stay, so that colour is not the only mark. */
export const DiffView = memo(function DiffView({ diff }: { readonly diff: string }) {
	const lines = diffLines(plainText(diff));
	const left = lines.length - mostLines;
	return (
		<ScrollRegion label="Changes" className="rounded-md border border-line bg-surface -outline-offset-2">
			<pre className="w-max min-w-full py-2 text-xs leading-5">
				{lines.slice(0, mostLines).map(({ kind, text }, index) => (
					<span
						// biome-ignore lint/suspicious/noArrayIndexKey: the lines of a diff never move
						key={index}
						className={`block px-3 ${looks[kind]}`}
					>
						{text === "" ? "\n" : text}
					</span>
				))}
				{left > 0 ? <span className="block px-3 text-muted">… {left} more lines</span> : null}
			</pre>
		</ScrollRegion>
	);
});
