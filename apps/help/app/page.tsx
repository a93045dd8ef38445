import { PageHeader } from "@opta/ui/page-header.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import { topics } from "./_reference/topics.ts";

export default function HelpPage() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Reference"
				lead="Commands, ports, settings and routes as this build has them. The tables are made from the code that they describe, or checked against it."
			/>
			<ul className="border-t border-line">
				{topics.map((topic) => (
					<li key={topic.slug} className="grid gap-x-16 gap-y-4 border-b border-line py-8 md:grid-cols-[1fr_1.4fr]">
						<div>
							<h2 className="text-xl font-semibold tracking-tight">
								<a href={`/${topic.slug}`} className="hover:text-accent">
									{topic.title}
								</a>
							</h2>
							<p className="mt-1 text-muted">{topic.summary}</p>
						</div>
						<ul className="grid content-start gap-x-8 text-sm sm:grid-cols-2">
							{topic.sections.map((section) => (
								<li key={section.id}>
									<a href={`/${topic.slug}#${section.id}`} className="inline-block py-1 text-muted hover:text-accent">
										{section.title}
									</a>
								</li>
							))}
						</ul>
					</li>
				))}
			</ul>
			<p className="mt-10 text-muted">
				Setting up for the first time?{" "}
				<SiteLink site="init" className="link">
					Opta Init
				</SiteLink>{" "}
				goes step by step. Why things are the way they are is told on{" "}
				<SiteLink site="learn" className="link">
					Opta Learn
				</SiteLink>
				.
			</p>
		</div>
	);
}
