import type { ArticleSection } from "@opta/ui/article.ts";

/** One page of the reference. */
export interface Topic {
	/** Path of the page. */
	readonly slug: string;
	readonly title: string;
	readonly summary: string;
	readonly sections: readonly ArticleSection[];
}
