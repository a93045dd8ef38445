import { ArticleSections, OnThisPage } from "@opta/ui/article-sections.tsx";
import { PageHeader } from "@opta/ui/page-header.tsx";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { TopicNav } from "../_reference/topic-nav.tsx";
import { topicBySlug, topics } from "../_reference/topics.ts";

interface TopicPageProps {
	readonly params: Promise<{ readonly topic: string }>;
}

export const dynamicParams = false;

export function generateStaticParams() {
	return topics.map((topic) => ({ topic: topic.slug }));
}

export async function generateMetadata({ params }: TopicPageProps): Promise<Metadata> {
	const topic = topicBySlug((await params).topic);
	return topic === undefined ? {} : { title: topic.title, description: `${topic.summary}.` };
}

export default async function TopicPage({ params }: TopicPageProps) {
	const topic = topicBySlug((await params).topic);
	if (topic === undefined) {
		notFound();
	}
	return (
		<div className="frame pb-24">
			<PageHeader title={topic.title} lead={`${topic.summary}.`} />
			<div className="grid gap-x-16 gap-y-10 border-t border-line pt-10 lg:grid-cols-[13rem_minmax(0,1fr)]">
				<div>
					<div className="sticky top-8 space-y-10">
						<TopicNav current={topic.slug} />
						<div className="max-lg:hidden">
							<OnThisPage sections={topic.sections} />
						</div>
					</div>
				</div>
				<ArticleSections sections={topic.sections} />
			</div>
		</div>
	);
}
