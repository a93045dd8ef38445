import type { ReactNode } from "react";

interface PageHeaderProps {
	readonly title: string;
	readonly lead?: ReactNode;
	readonly actions?: ReactNode;
}

/** The page's only first-level heading, with a sentence or two and the page's actions. */
export function PageHeader({ title, lead, actions }: PageHeaderProps) {
	return (
		<div className="flex flex-wrap items-end justify-between gap-x-10 gap-y-6 pt-12 pb-8 sm:pt-16 sm:pb-10">
			<div className="max-w-2xl">
				<h1 className="text-3xl leading-tight font-semibold tracking-tight sm:text-[2.5rem]">{title}</h1>
				{lead === undefined ? null : <div className="mt-3 text-lg text-muted">{lead}</div>}
			</div>
			{actions === undefined ? null : <div className="flex flex-wrap gap-3">{actions}</div>}
		</div>
	);
}
