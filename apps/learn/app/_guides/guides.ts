import type { Guide } from "./guide.ts";
import { howAModelAnswers } from "./how-a-model-answers.ts";

/** Every guide, in reading order. */
export const guides: readonly Guide[] = [howAModelAnswers];

/** Finds a guide by its path. */
export function guideBySlug(slug: string): Guide | undefined {
	return guides.find((guide) => guide.slug === slug);
}
