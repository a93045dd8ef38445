const pages = [
	["/", "profile"],
	["/hosts", "hosts"],
	["/sessions", "sessions"],
	["/security", "sign-in"],
	["/vault", "vault"],
	["/log", "log"],
	["/data", "data"],
] as const;

/** Path of a page of the account. */
export type AccountPage = (typeof pages)[number][0];

/** Links between the pages of an account. */
export function AccountNav({ current }: { readonly current: AccountPage }) {
	return (
		<nav aria-label="Your account" className="mb-8 border-b border-line">
			<ul className="-mb-px flex flex-wrap gap-x-1">
				{pages.map(([path, label]) => (
					<li key={path}>
						<a
							href={path}
							aria-current={path === current ? "page" : undefined}
							className="block border-b-2 border-transparent px-3 py-2.5 font-mono text-[0.8125rem] text-muted hover:text-ink aria-[current]:border-accent aria-[current]:text-ink"
						>
							{label}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}
