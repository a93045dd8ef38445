/** Says that something is under way; the label is read out and, where there is room, shown. */
export function Spinner({ label = "Loading", showLabel = false }: { readonly label?: string; readonly showLabel?: boolean }) {
	return (
		<span role="status" className="inline-flex items-center gap-2 text-sm text-muted">
			<svg viewBox="0 0 16 16" className="size-4 animate-spin fill-none motion-reduce:animate-none" strokeWidth="2" aria-hidden="true">
				<circle cx="8" cy="8" r="6" className="stroke-line" />
				<path d="M8 2a6 6 0 0 1 6 6" className="stroke-accent" />
			</svg>
			<span className={showLabel ? "" : "sr-only"}>{label}</span>
		</span>
	);
}
