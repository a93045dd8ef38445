"use client";

import { Button } from "@opta/ui/button.tsx";
import { type ReactNode, useEffect, useRef } from "react";

interface ScreenProps {
	readonly title: string;
	readonly lead?: ReactNode;
	/** Goes back to the list; left out where there is nothing to go back to. */
	readonly onBack?: () => void;
	readonly backLabel?: string;
	readonly children: ReactNode;
}

/** One view of the vault. Its heading takes the focus when it comes, so that nobody is left at a button that is gone. */
export function Screen({ title, lead, onBack, backLabel = "Back to the list", children }: ScreenProps) {
	const heading = useRef<HTMLHeadingElement>(null);
	useEffect(() => heading.current?.focus({ preventScroll: true }), []);
	return (
		<section>
			<div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
				<h2 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
					{title}
				</h2>
				{onBack === undefined ? null : (
					<Button variant="quiet" onClick={onBack}>
						{backLabel}
					</Button>
				)}
			</div>
			{lead === undefined ? null : <div className="mt-2 max-w-prose text-muted">{lead}</div>}
			<div className="mt-6 max-w-xl space-y-6">{children}</div>
		</section>
	);
}
