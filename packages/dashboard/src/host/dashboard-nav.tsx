"use client";

import { type DashboardPageName, useDashboardPlace } from "./dashboard-place.tsx";

const titles: Readonly<Record<DashboardPageName, string>> = {
	overview: "Overview",
	chat: "Chat",
	devices: "Devices",
	sessions: "Sessions",
	doctor: "Doctor",
};

/** Name of a page, as people read it. */
export function pageTitle(page: DashboardPageName): string {
	return titles[page];
}

/** The dashboard's own navigation: its pages, and the host where there is a choice. */
export function DashboardNav({ current }: { readonly current: DashboardPageName }) {
	const { host, pages, pageHref } = useDashboardPlace();
	return (
		<div className="border-b border-line bg-surface">
			<div className="frame flex flex-wrap items-center justify-between gap-x-6">
				<nav aria-label="Dashboard" className="max-w-full">
					<ul className="-ml-3 flex overflow-x-auto">
						{pages.map((name) => (
							<li key={name}>
								<a
									href={pageHref(name, host.id)}
									aria-current={name === current ? "page" : undefined}
									className="relative flex h-11 items-center px-3 font-mono text-[0.8125rem] text-muted -outline-offset-2 hover:text-ink aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-3 aria-[current]:after:bottom-0 aria-[current]:after:h-0.5 aria-[current]:after:bg-accent max-sm:px-2.5"
								>
									{titles[name]}
								</a>
							</li>
						))}
					</ul>
				</nav>
				<HostSwitch current={current} />
			</div>
		</div>
	);
}

function HostSwitch({ current }: { readonly current: DashboardPageName }) {
	const { host, hosts, pageHref, pairHref } = useDashboardPlace();
	return (
		<div className="flex items-center gap-4 font-mono text-[0.8125rem] text-muted">
			{hosts.length < 2 ? (
				<p className="py-2">
					Host <span className="text-ink">{host.name}</span>
				</p>
			) : (
				<label className="flex items-center gap-2 py-1.5">
					Host
					<select
						value={host.id}
						onChange={(event) => window.location.assign(pageHref(current, event.target.value))}
						className="h-8 rounded-md border border-edge bg-surface px-2 text-ink"
					>
						{hosts.map(({ id, name }) => (
							<option key={id} value={id}>
								{name}
							</option>
						))}
					</select>
				</label>
			)}
			{pairHref === null ? null : (
				<a href={pairHref} className="link py-2">
					Add a host
				</a>
			)}
		</div>
	);
}
