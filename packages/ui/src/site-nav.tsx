import { type SiteName, sites } from "@opta/contracts/sites";
import { SiteLink } from "./site-link.tsx";

function SiteItems({ current, itemClassName }: { readonly current: SiteName; readonly itemClassName: string }) {
	return sites.map((site) => (
		<li key={site.name}>
			<SiteLink site={site.name} className={itemClassName} aria-current={site.name === current ? "true" : undefined}>
				{site.name}
			</SiteLink>
		</li>
	));
}

/** Links to the eight sites: a row where there is room, a disclosure that works without scripts where there is not. */
export function SiteNav({ current }: { readonly current: SiteName }) {
	return (
		<>
			<nav aria-label="Sites" className="hidden nav:block print:hidden">
				<ul className="flex">
					<SiteItems
						current={current}
						itemClassName="relative flex h-16 items-center px-2.5 font-mono text-[0.8125rem] text-muted hover:text-ink aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-2.5 aria-[current]:after:-bottom-px aria-[current]:after:h-0.5 aria-[current]:after:bg-accent"
					/>
				</ul>
			</nav>
			<details className="group relative nav:hidden print:hidden">
				<summary
					title="Sites"
					className="grid size-8 list-none place-items-center rounded-md border border-line text-muted hover:border-edge hover:text-ink [&::-webkit-details-marker]:hidden"
				>
					<span className="sr-only">Sites</span>
					<svg viewBox="0 0 16 16" className="size-4 fill-none stroke-current" strokeWidth="1.25" aria-hidden="true">
						<path d="M2 4.5h12M2 8h12M2 11.5h12" className="group-open:hidden" />
						<path d="m3.5 3.5 9 9M12.5 3.5l-9 9" className="hidden group-open:block" />
					</svg>
				</summary>
				<nav aria-label="Sites" className="absolute right-0 z-20 mt-2 w-44 rounded-md border border-edge bg-surface py-1">
					<ul>
						<SiteItems
							current={current}
							itemClassName="block px-4 py-2 font-mono text-sm text-muted hover:bg-raised hover:text-ink aria-[current]:text-accent"
						/>
					</ul>
				</nav>
			</details>
		</>
	);
}
