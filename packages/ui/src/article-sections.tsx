import type { ArticleSection } from "./article.ts";
import { ArticleBlockView, type ArticleFigures } from "./article-block.tsx";

interface ArticleSectionsProps {
	readonly sections: readonly ArticleSection[];
	readonly figures?: ArticleFigures;
}

const noFigures: ArticleFigures = {};

/** The sections of an article, each reachable by its anchor. */
export function ArticleSections({ sections, figures = noFigures }: ArticleSectionsProps) {
	return (
		<div className="min-w-0">
			{sections.map((section) => (
				<section key={section.id} aria-labelledby={section.id} className="border-t border-line py-10 first:border-t-0 first:pt-0">
					<h2 id={section.id} className="group text-2xl font-semibold tracking-tight">
						{section.title}
						<a
							href={`#${section.id}`}
							aria-label={`Address of “${section.title}”`}
							className="ml-3 font-mono text-base font-normal text-muted opacity-0 group-hover:opacity-100 hover:text-accent focus-visible:opacity-100 print:hidden"
						>
							#
						</a>
					</h2>
					<div className="mt-5 space-y-5">
						{section.blocks.map((block, index) => (
							// biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a constant text never move
							<ArticleBlockView key={index} block={block} figures={figures} />
						))}
					</div>
				</section>
			))}
		</div>
	);
}

/** Links to the sections of the page. */
export function OnThisPage({ sections }: { readonly sections: readonly ArticleSection[] }) {
	return (
		<nav aria-label="On this page" className="print:hidden">
			<p className="label-mono">On this page</p>
			<ul className="mt-3 border-l border-line text-sm">
				{sections.map((section) => (
					<li key={section.id}>
						<a
							href={`#${section.id}`}
							className="-ml-px block border-l border-transparent py-1.5 pl-4 text-muted hover:border-accent hover:text-ink"
						>
							{section.title}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}
