import { topics } from "./topics.ts";

/** Links to the pages of the reference: a column where there is room, a disclosure where there is not. */
export function TopicNav({ current }: { readonly current: string }) {
	const list = (
		<ul className="border-l border-line text-sm">
			{topics.map((topic) => (
				<li key={topic.slug}>
					<a
						href={`/${topic.slug}`}
						aria-current={topic.slug === current ? "page" : undefined}
						className="-ml-px block border-l-2 border-transparent py-1.5 pl-4 text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
					>
						{topic.title}
					</a>
				</li>
			))}
		</ul>
	);
	return (
		<>
			<nav aria-label="Reference" className="max-lg:hidden print:hidden">
				<p className="label-mono">Reference</p>
				<div className="mt-3">{list}</div>
			</nav>
			<details className="rounded-lg border border-line bg-surface lg:hidden print:hidden">
				<summary className="px-4 py-2.5 font-mono text-sm">Reference</summary>
				<nav aria-label="Reference" className="px-4 pb-4">
					{list}
				</nav>
			</details>
		</>
	);
}
