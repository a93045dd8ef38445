const diamond = "M12 .8 23.2 12 12 23.2.8 12Z";
const promptSign = "m8.6 8.2 3.8 3.8-3.8 3.8M13.2 15.4h3.6";

/** The mark as a data URL, for the icon of a page. */
export const brandIcon = `data:image/svg+xml,${encodeURIComponent(
	`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="${diamond}" fill="#c3f03f"/><path d="${promptSign}" fill="none" stroke="#12160a" stroke-width="1.8"/></svg>`,
)}`;

/** The mark: a diamond that holds a prompt. */
export function BrandMark({ className = "size-6" }: { readonly className?: string }) {
	return (
		<svg viewBox="0 0 24 24" className={className} aria-hidden="true">
			<path d={diamond} className="fill-accent" />
			<path d={promptSign} className="fill-none stroke-accent-ink" strokeWidth="1.8" strokeLinecap="square" />
		</svg>
	);
}
