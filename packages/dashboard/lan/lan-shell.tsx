import { build } from "@opta/contracts/build";
import { BrandMark } from "@opta/ui/brand-mark.tsx";
import { Button } from "@opta/ui/button.tsx";
import { ThemeToggle } from "@opta/ui/theme-toggle.tsx";
import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { ChatPage } from "../src/chat-page.tsx";
import { pageTitle } from "../src/host/dashboard-nav.tsx";
import type { DashboardPlace } from "../src/host/dashboard-place.tsx";
import { DashboardProvider } from "../src/host/dashboard-place.tsx";
import { OverviewPage } from "../src/overview-page.tsx";
import type { LanPageName } from "./lan-place.ts";
import type { TabKey } from "./tab-key.ts";

const DoctorPage = lazy(() => import("../src/doctor-page.tsx"));

interface LanShellProps {
	readonly place: DashboardPlace;
	readonly tabKey: TabKey;
	readonly page: LanPageName;
}

/** The whole document of the dashboard that LMX serves itself: no accounts, no other sites, works without internet. */
export function LanShell({ place, tabKey, page }: LanShellProps) {
	useEffect(() => {
		document.title = `${pageTitle(page)} · LMX Dashboard`;
	}, [page]);

	return (
		<DashboardProvider place={place}>
			<a
				href="#main"
				className="sr-only z-30 rounded-md bg-accent font-mono text-sm text-accent-ink focus:not-sr-only focus:absolute focus:top-3 focus:left-3 focus:px-4 focus:py-2"
			>
				Skip to content
			</a>
			<header className="border-b border-line">
				<div className="frame flex h-16 items-center justify-between gap-4">
					<a href="/" className="flex items-center gap-2.5 font-mono text-[0.9375rem]" aria-label="opta/lmx, start page">
						<BrandMark />
						<span aria-hidden="true">
							<span className="font-semibold">opta</span>
							<span className="text-muted">/lmx</span>
						</span>
					</a>
					<div className="flex items-center gap-2">
						<ForgetKey tabKey={tabKey} />
						<ThemeToggle />
					</div>
				</div>
			</header>
			<main id="main" tabIndex={-1} className="flex-1 outline-none">
				<Page name={page} />
			</main>
			{page === "chat" ? null : (
				<footer className="border-t border-line">
					<p className="frame py-6 text-sm text-muted">
						Served by LMX {build} on {place.host.name}. This page talks to nobody else.
					</p>
				</footer>
			)}
		</DashboardProvider>
	);
}

function Page({ name }: { readonly name: LanPageName }) {
	switch (name) {
		case "overview":
			return <OverviewPage />;
		case "chat":
			return <ChatPage />;
		case "doctor":
			return (
				<Suspense fallback={null}>
					<DoctorPage />
				</Suspense>
			);
	}
}

/** Ends what the key of this tab opened. */
function ForgetKey({ tabKey }: Pick<LanShellProps, "tabKey">) {
	const { key } = useSyncExternalStore(tabKey.subscribe, tabKey.getState);
	return key === null ? null : (
		<Button
			variant="quiet"
			onClick={() => {
				tabKey.forget();
				// Figures that the key opened are in memory; a new document has none of them.
				window.location.reload();
			}}
		>
			Forget key
		</Button>
	);
}
