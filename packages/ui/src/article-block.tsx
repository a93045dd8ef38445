import type { ReactNode } from "react";
import type { ArticleBlock } from "./article.ts";
import { CodeBlock } from "./code-block.tsx";
import { DataTable } from "./data-table.tsx";
import { Inline } from "./inline.tsx";
import { Notice } from "./notice.tsx";

/** The figures that an article's `figure` blocks name. */
export type ArticleFigures = Readonly<Record<string, ReactNode>>;

function figureNamed(figures: ArticleFigures, name: string): ReactNode {
	const figure = figures[name];
	if (figure === undefined) {
		throw new RangeError(`The article names the figure "${name}", which was not given.`);
	}
	return figure;
}

/** Shows one piece of an article. */
export function ArticleBlockView({ block, figures }: { readonly block: ArticleBlock; readonly figures: ArticleFigures }) {
	switch (block.kind) {
		case "text":
			return (
				<p className="max-w-[68ch]">
					<Inline text={block.text} />
				</p>
			);
		case "list":
			return (
				<ul className="max-w-[68ch] space-y-2">
					{block.items.map((item) => (
						<li
							key={item}
							className="relative pl-5 before:absolute before:top-[0.72em] before:left-0 before:h-px before:w-2.5 before:bg-accent"
						>
							<Inline text={item} />
						</li>
					))}
				</ul>
			);
		case "steps":
			return (
				<ol className="max-w-[68ch] space-y-3">
					{block.items.map((item, index) => (
						<li key={item} className="flex gap-4">
							<span className="w-4 shrink-0 pt-px font-mono text-sm leading-6 text-accent tabular-nums" aria-hidden="true">
								{index + 1}
							</span>
							<span className="min-w-0">
								<Inline text={item} />
							</span>
						</li>
					))}
				</ol>
			);
		case "code":
			return <CodeBlock code={block.code} label={block.label} prompt={block.prompt ?? false} />;
		case "table":
			return (
				<DataTable
					caption={block.caption}
					columns={block.columns}
					rows={block.rows.map((row) => ({
						key: row.join(" "),
						cells: row.map((cell, index) => (index === 0 ? cell : <Inline key={block.columns[index]} text={cell} />)),
					}))}
				/>
			);
		case "notice":
			return (
				<Notice tone={block.tone} title={block.title} live={false}>
					<Inline text={block.text} />
				</Notice>
			);
		case "figure":
			return figureNamed(figures, block.name);
	}
}
