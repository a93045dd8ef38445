import { PageHeader } from "@opta/ui/page-header.tsx";
import { levelTitles } from "./_guides/guide.ts";
import { guides } from "./_guides/guides.ts";

export default function LearnPage() {
	return (
		<div className="frame pb-24">
			<PageHeader
				title="Understand your own AI"
				lead="Guides to running models at home, with numbers that were measured on the models themselves."
			/>
			<ul className="grid gap-6 border-t border-line pt-10">
				{guides.map((guide) => (
					<li key={guide.slug}>
						<article className="group relative grid gap-x-16 gap-y-6 rounded-lg border border-line bg-surface p-6 hover:border-edge sm:p-8 md:grid-cols-[1.2fr_1fr]">
							<div>
								<p className="label-mono">
									{guide.level} · {levelTitles[guide.level]} · {guide.readingMinutes} minutes
								</p>
								<h2 className="mt-3 text-2xl leading-snug font-semibold tracking-tight">
									<a href={`/guides/${guide.slug}`} className="after:absolute after:inset-0 group-hover:text-accent">
										{guide.title}
									</a>
								</h2>
								<p className="mt-3 text-muted">{guide.summary}</p>
							</div>
							<ol className="self-center border-l border-line pl-6 text-sm text-muted">
								{guide.sections.map((section, index) => (
									<li key={section.id} className="flex gap-4 py-1">
										<span className="font-mono text-accent tabular-nums" aria-hidden="true">
											{index + 1}
										</span>
										{section.title}
									</li>
								))}
							</ol>
						</article>
					</li>
				))}
			</ul>
			<p className="mt-10 max-w-2xl text-muted">
				This is the first guide. Those about running a host and about building on it follow with the parts that they explain.
			</p>
		</div>
	);
}
