import { type SiteName, siteByName } from "@opta/contracts/sites";
import { BrandMark } from "./brand-mark.tsx";
import { SessionState } from "./session-state.tsx";
import { SiteNav } from "./site-nav.tsx";
import { ThemeToggle } from "./theme-toggle.tsx";

/** The band that every site begins with: which site this is, the others, the theme, and who is signed in. */
export function SiteHeader({ site }: { readonly site: SiteName }) {
	const { subdomain } = siteByName(site);
	return (
		<header className="border-b border-line">
			<div className="frame flex min-h-16 flex-wrap items-center gap-2 py-2 nav:py-0">
				<a href="/" className="mr-auto flex items-center gap-2.5 font-mono text-[0.9375rem]">
					<BrandMark />
					<span>
						<span className="font-semibold max-[22rem]:hidden">opta</span>
						<span className="text-muted">/{subdomain === "" ? "local" : subdomain}</span>
						<span className="sr-only">, start page</span>
					</span>
				</a>
				<SiteNav current={site} />
				<div className="flex items-center gap-2 nav:ml-3">
					<ThemeToggle />
					<SessionState />
				</div>
			</div>
		</header>
	);
}
