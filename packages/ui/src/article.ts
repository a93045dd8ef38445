import type { NoticeTone } from "./notice.tsx";

/** A piece of an article. Texts may hold the marks of `parseInlineText`; code and the first column of tables may not. */
export type ArticleBlock =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "list"; readonly items: readonly string[] }
	| { readonly kind: "steps"; readonly items: readonly string[] }
	| { readonly kind: "code"; readonly label: string; readonly code: string; readonly prompt?: boolean }
	| {
			readonly kind: "table";
			readonly caption: string;
			readonly columns: readonly string[];
			readonly rows: readonly (readonly [string, ...string[]])[];
	  }
	| { readonly kind: "notice"; readonly tone: NoticeTone; readonly title: string; readonly text: string }
	| { readonly kind: "figure"; readonly name: string };

/** A section of an article; `id` is the anchor in the address. */
export interface ArticleSection {
	readonly id: string;
	readonly title: string;
	readonly blocks: readonly ArticleBlock[];
}
