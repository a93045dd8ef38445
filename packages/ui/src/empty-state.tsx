import type { ReactNode } from "react";

interface EmptyStateProps {
	readonly title: string;
	/** Why there is nothing, and what would change that. */
	readonly children?: ReactNode;
	readonly action?: ReactNode;
}

/** Stands where a list or a table would, while there is nothing to list. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
	return (
		<div className="rounded-lg border border-dashed border-edge px-6 py-10">
			<p className="font-mono text-sm font-medium">{title}</p>
			{children === undefined ? null : <div className="mt-2 max-w-prose text-sm text-muted">{children}</div>}
			{action === undefined ? null : <div className="mt-5">{action}</div>}
		</div>
	);
}
