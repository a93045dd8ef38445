import { Spinner } from "@opta/ui/spinner.tsx";

/** Holds the places of the overview's cards until the first answer of the host. */
export function OverviewSkeleton() {
	return (
		<>
			<Spinner label="Asking the host for its state" />
			<div className="mt-4 grid gap-6 motion-safe:animate-pulse lg:grid-cols-2" aria-hidden="true">
				<div className="h-64 rounded-lg border border-line bg-surface" />
				<div className="h-64 rounded-lg border border-line bg-surface" />
				<div className="h-44 rounded-lg border border-line bg-surface lg:col-span-2" />
			</div>
		</>
	);
}
