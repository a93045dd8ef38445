import type { HTMLAttributes, ReactNode } from "react";

interface CardProps extends Omit<HTMLAttributes<HTMLElement>, "title"> {
	/** Heading of the card, level 2 unless `headingLevel` says otherwise. */
	readonly title?: ReactNode;
	readonly headingLevel?: 2 | 3;
	/** What stands at the right of the heading. */
	readonly aside?: ReactNode;
}

/** A framed part of a page. */
export function Card({ title, headingLevel = 2, aside, className = "", children, ...rest }: CardProps) {
	const Heading = headingLevel === 2 ? "h2" : "h3";
	return (
		<section {...rest} className={`rounded-lg border border-line bg-surface ${className}`}>
			{title === undefined ? null : (
				<div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 border-b border-line px-5 py-3">
					<Heading className="font-mono text-sm font-medium">{title}</Heading>
					{aside}
				</div>
			)}
			<div className="p-5">{children}</div>
		</section>
	);
}
