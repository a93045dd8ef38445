import type { ReactNode } from "react";

interface ScrollRegionProps {
	readonly label: string;
	readonly className?: string;
	readonly children: ReactNode;
}

/** Scrolls sideways what is wider than the screen, and can be reached and scrolled by keyboard. A group, not a landmark. */
export function ScrollRegion({ label, className = "", children }: ScrollRegionProps) {
	return (
		// biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls, and every section would be a landmark
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
		<div role="group" tabIndex={0} aria-label={label} className={`overflow-x-auto ${className}`}>
			{children}
		</div>
	);
}
