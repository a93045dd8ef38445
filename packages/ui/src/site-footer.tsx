import { build } from "@opta/contracts/build";
import { sites } from "@opta/contracts/sites";
import { SiteLink } from "./site-link.tsx";

/** The band that every site ends with: the eight sites by their titles, and what the reader may rely on. */
export function SiteFooter() {
	return (
		<footer className="mt-auto border-t border-line print:hidden">
			<div className="frame grid gap-10 py-12 nav:grid-cols-[1fr_2fr]">
				<div className="max-w-xs text-sm text-muted">
					<p className="font-mono text-ink">Opta Local</p>
					<p className="mt-2">A private AI platform on your own machine. This page loads nothing from third parties and measures nobody.</p>
					<p className="mt-4 font-mono text-xs">build {build} · MIT licence</p>
				</div>
				<ul className="grid gap-x-8 gap-y-4 text-sm sm:grid-cols-2">
					{sites.map((site) => (
						<li key={site.name}>
							<SiteLink site={site.name} className="font-medium hover:text-accent">
								{site.title}
							</SiteLink>
							<p className="text-muted">{site.summary}</p>
						</li>
					))}
				</ul>
			</div>
		</footer>
	);
}
