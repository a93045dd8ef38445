/** The mark: a diamond that holds a prompt. */
export function BrandMark({ className = "size-6" }: { readonly className?: string }) {
	return (
		<svg viewBox="0 0 24 24" className={className} aria-hidden="true">
			<path d="M12 .8 23.2 12 12 23.2.8 12Z" className="fill-accent" />
			<path d="m8.6 8.2 3.8 3.8-3.8 3.8M13.2 15.4h3.6" className="fill-none stroke-accent-ink" strokeWidth="1.8" strokeLinecap="square" />
		</svg>
	);
}
