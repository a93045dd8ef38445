"use client";

import { peersPath } from "@opta/contracts/reach";
import { siteUrl } from "@opta/contracts/site-url";
import { ChatPage } from "@opta/dashboard/chat-page.tsx";
import {
	type DashboardPageName,
	type DashboardPlace,
	DashboardProvider,
	type HostChoice,
	type OwnDevice,
} from "@opta/dashboard/host/dashboard-place.tsx";
import { OverviewPage } from "@opta/dashboard/overview-page.tsx";
import { createDaemonClient } from "@opta/host-client/daemon/create-daemon-client";
import { createHostClient } from "@opta/host-client/host-client";
import { useSiteAddressing } from "@opta/ui/addressing-provider.tsx";
import { lazy, Suspense, useMemo } from "react";
import { clientId, clientName } from "./client-id.ts";
import { pageHref, sessionsHref } from "./page-address.ts";
import { recoverSession } from "./recover-session.ts";

const DevicesPage = lazy(() => import("@opta/dashboard/devices-page.tsx"));
const SessionsPage = lazy(() => import("@opta/dashboard/sessions-page.tsx"));
const DoctorPage = lazy(() => import("@opta/dashboard/doctor-page.tsx"));

interface SiteDashboardProps {
	readonly page: DashboardPageName;
	readonly host: HostChoice;
	readonly hosts: readonly HostChoice[];
	readonly userId: string;
	/** Null where they could not be read. */
	readonly ownDevices: readonly OwnDevice[] | null;
}

/** A dashboard page for a signed-in person: everything goes through this site's own API. */
export function SiteDashboard({ page, host, hosts, userId, ownDevices }: SiteDashboardProps) {
	const addressing = useSiteAddressing();
	const place = useMemo((): DashboardPlace => {
		const sessionUrl = siteUrl(addressing, "accounts", "/api/session");
		const here = siteUrl(addressing, "lmx", pageHref(page, host.id));
		const baseUrl = `/api/host/${host.id}`;
		const recover = () => recoverSession(sessionUrl);
		return {
			client: createHostClient({ baseUrl, doctorPath: "/doctor", recoverSession: recover }),
			host,
			hosts,
			pages: ["overview", "chat", "devices", "sessions", "doctor"],
			pageHref,
			signIn: { kind: "link", href: siteUrl(addressing, "accounts", `/sign-in?redirect_to=${encodeURIComponent(here)}`) },
			storageKey: `${userId}:${host.id}`,
			devices: {
				own: ownDevices,
				// The site's own API carries events, and no WebSocket.
				client: (deviceId) =>
					createDaemonClient({
						baseUrl: `${baseUrl}${peersPath}/${encodeURIComponent(deviceId)}`,
						token: () => null,
						clientId: clientId(),
						clientName: clientName(),
						transport: "events",
						recoverSession: recover,
					}),
				sessionsHref: (deviceId, sessionId) => sessionsHref(host.id, deviceId, sessionId),
				accountHref: siteUrl(addressing, "accounts", "/sessions"),
			},
			pairHref: "/pair",
		};
	}, [addressing, page, host, hosts, userId, ownDevices]);
	return (
		<DashboardProvider place={place}>
			<Suspense fallback={null}>
				<Page name={page} />
			</Suspense>
		</DashboardProvider>
	);
}

function Page({ name }: { readonly name: DashboardPageName }) {
	switch (name) {
		case "overview":
			return <OverviewPage />;
		case "chat":
			return <ChatPage />;
		case "devices":
			return <DevicesPage />;
		case "sessions":
			return <SessionsPage />;
		case "doctor":
			return <DoctorPage />;
	}
}
