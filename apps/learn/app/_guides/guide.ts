import type { ArticleSection } from "@opta/ui/article.ts";

/** How much a guide asks of its reader. */
export const guideLevels = ["L1", "L2", "L3"] as const;

/** Names of the levels. */
export const levelTitles: Readonly<Record<(typeof guideLevels)[number], string>> = {
	L1: "Foundations",
	L2: "Running a host",
	L3: "Building on it",
};

/** A guide as an object: what lists show, and the text itself. */
export interface Guide {
	/** Path under `/guides/`. */
	readonly slug: string;
	readonly title: string;
	readonly summary: string;
	readonly level: (typeof guideLevels)[number];
	readonly readingMinutes: number;
	readonly sections: readonly ArticleSection[];
}
