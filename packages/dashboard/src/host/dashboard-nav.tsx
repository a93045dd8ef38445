"use client";

import { type DashboardPageName, useDashboardPlace } from "./dashboard-place.tsx";

const pages: readonly { readonly name: DashboardPageName; readonly title: string }[] = [
	{ name: "overview", title: "Overview" },
	{ name: "chat", title: "Chat" },
];

/** The dashboard's own navigation: its pages, and the host where there is a choice. */
export function DashboardNav({ current }: { readonly current: DashboardPageName }) {
	const { host, pageHref } = useDashboardPlace();
	return (
		<div className="border-b border-line bg-surface">
			<div className="frame flex flex-wrap items-center justify-between gap-x-6">
				<nav aria-label="Dashboard">
					<ul className="-ml-3 flex">
						{pages.map(({ name, title }) => (
							<li key={name}>
								<a
									href={pageHref(name, host.id)}
									aria-current={name === current ? "page" : undefined}
									className="relative flex h-11 items-center px-3 font-mono text-[0.8125rem] text-muted -outline-offset-2 hover:text-ink aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-3 aria-[current]:after:-bottom-px aria-[current]:after:h-0.5 aria-[current]:after:bg-accent"
								>
									{title}
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
	const { host, hosts, pageHref } = useDashboardPlace();
	if (hosts.length < 2) {
		return (
			<p className="py-2 font-mono text-[0.8125rem] text-muted">
				Host <span className="text-ink">{host.name}</span>
			</p>
		);
	}
	return (
		<label className="flex items-center gap-2 py-1.5 font-mono text-[0.8125rem] text-muted">
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
	);
}
