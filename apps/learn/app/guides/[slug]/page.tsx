import { ArticleSections, OnThisPage } from "@opta/ui/article-sections.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { TemperatureFigure } from "../../_figures/temperature-figure.tsx";
import { TokensFigure } from "../../_figures/tokens-figure.tsx";
import { levelTitles } from "../../_guides/guide.ts";
import { guideBySlug, guides } from "../../_guides/guides.ts";

interface GuidePageProps {
	readonly params: Promise<{ readonly slug: string }>;
}

export const dynamicParams = false;

export function generateStaticParams() {
	return guides.map(({ slug }) => ({ slug }));
}

export async function generateMetadata({ params }: GuidePageProps): Promise<Metadata> {
	const guide = guideBySlug((await params).slug);
	return guide === undefined ? {} : { title: guide.title, description: guide.summary };
}

const figures = { tokens: <TokensFigure />, temperature: <TemperatureFigure /> };

export default async function GuidePage({ params }: GuidePageProps) {
	const guide = guideBySlug((await params).slug);
	if (guide === undefined) {
		notFound();
	}
	return (
		<article className="frame pb-24">
			<PageHeader
				title={guide.title}
				lead={
					<>
						<p>{guide.summary}</p>
						<p className="label-mono mt-4">
							{guide.level} · {levelTitles[guide.level]} · {guide.readingMinutes} minutes
						</p>
					</>
				}
			/>
			<div className="grid gap-x-16 gap-y-10 border-t border-line pt-10 lg:grid-cols-[13rem_minmax(0,1fr)]">
				<div className="max-lg:hidden">
					<div className="sticky top-8">
						<OnThisPage sections={guide.sections} />
					</div>
				</div>
				<ArticleSections sections={guide.sections} figures={figures} />
			</div>
		</article>
	);
}
