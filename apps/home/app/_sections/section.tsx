import type { ReactNode } from "react";

interface SectionProps {
	readonly id: string;
	readonly title: string;
	readonly lead?: ReactNode;
	readonly children: ReactNode;
}

/** A part of the page with its heading in the left margin where there is room. */
export function Section({ id, title, lead, children }: SectionProps) {
	return (
		<section aria-labelledby={id} className="border-b border-line last:border-b-0">
			<div className="frame py-16 sm:py-20">
				<div className="max-w-2xl">
					<h2 id={id} className="text-2xl font-semibold tracking-tight sm:text-3xl">
						{title}
					</h2>
					{lead === undefined ? null : <p className="mt-3 text-muted">{lead}</p>}
				</div>
				<div className="mt-10">{children}</div>
			</div>
		</section>
	);
}
