"use client";

import type { SessionResponse } from "@opta/contracts/schema/session";
import { siteUrl } from "@opta/contracts/site-url";
import { ChatPage } from "@opta/dashboard/chat-page.tsx";
import { type DashboardPageName, DashboardProvider, type HostChoice } from "@opta/dashboard/host/dashboard-place.tsx";
import { OverviewPage } from "@opta/dashboard/overview-page.tsx";
import { createHostClient } from "@opta/host-client/host-client";
import { useSiteAddressing } from "@opta/ui/addressing-provider.tsx";
import { useMemo } from "react";

interface SiteDashboardProps {
	readonly page: DashboardPageName;
	readonly host: HostChoice;
	readonly hosts: readonly HostChoice[];
	readonly userId: string;
}

function pageHref(page: DashboardPageName, hostId: string): string {
	return `${page === "chat" ? "/chat" : "/"}?host=${encodeURIComponent(hostId)}`;
}

/** Asks accounts for the session, which refreshes an expired one. */
async function recoverSession(sessionUrl: string): Promise<boolean> {
	const response = await fetch(sessionUrl, { credentials: "include", cache: "no-store" });
	const session: SessionResponse = response.ok ? await response.json() : { signedIn: false };
	return session.signedIn;
}

/** A dashboard page for a signed-in person: everything goes through this site's own API. */
export function SiteDashboard({ page, host, hosts, userId }: SiteDashboardProps) {
	const addressing = useSiteAddressing();
	const place = useMemo(() => {
		const sessionUrl = siteUrl(addressing, "accounts", "/api/session");
		const here = siteUrl(addressing, "lmx", pageHref(page, host.id));
		return {
			client: createHostClient({ baseUrl: `/api/host/${host.id}`, recoverSession: () => recoverSession(sessionUrl) }),
			host,
			hosts,
			pageHref,
			signIn: { kind: "link", href: siteUrl(addressing, "accounts", `/sign-in?redirect_to=${encodeURIComponent(here)}`) } as const,
			storageKey: `${userId}:${host.id}`,
		};
	}, [addressing, page, host, hosts, userId]);
	return <DashboardProvider place={place}>{page === "chat" ? <ChatPage /> : <OverviewPage />}</DashboardProvider>;
}
