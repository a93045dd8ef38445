"use client";

import type { SessionView } from "@opta/host-client/session/session-view";
import { transcript } from "@opta/host-client/session/transcript";
import { Button } from "@opta/ui/button.tsx";
import { type ReactNode, useMemo, useState } from "react";
import { TranscriptBlock } from "./transcript-block.tsx";
import { useFollowEnd } from "./use-follow-end.ts";

const firstBlocks = 80;
const moreBlocks = 200;

interface TranscriptViewProps {
	readonly view: SessionView;
	/** Stands behind the last piece. */
	readonly children: ReactNode;
}

/** The conversation of a session: its end, and older parts when they are asked for. Not a live region: tokens are not read out. */
export function TranscriptView({ view, children }: TranscriptViewProps) {
	const [shown, setShown] = useState(firstBlocks);
	const blocks = useMemo(() => transcript(view), [view]);
	const waiting = useMemo(() => new Set(view.permissions.map(({ callId }) => callId)), [view.permissions]);
	const { viewport, content, atEnd, followEnd } = useFollowEnd();
	const hidden = Math.max(0, blocks.length - shown);
	return (
		<div className="relative min-h-0 flex-1">
			<section
				ref={viewport}
				aria-label="Conversation"
				aria-busy={view.turns.length > 0}
				// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
				tabIndex={0}
				className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
			>
				<div ref={content} className="mx-auto max-w-3xl px-1 py-4">
					{hidden === 0 ? null : (
						<p className="pb-4 text-center">
							<Button variant="secondary" onClick={() => setShown(shown + moreBlocks)}>
								Show earlier ({hidden})
							</Button>
						</p>
					)}
					<ol className="grid gap-5">
						{blocks.slice(hidden).map((block) => (
							<li key={block.id} className="min-w-0 [contain-intrinsic-size:auto_6rem] not-last:[content-visibility:auto]">
								<TranscriptBlock block={block} waiting={waiting} />
							</li>
						))}
					</ol>
					{children}
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
