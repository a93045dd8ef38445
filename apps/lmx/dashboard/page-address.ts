import type { DashboardPageName } from "@opta/dashboard/host/dashboard-place.tsx";

/** Path of a page of the dashboard, without its query. */
export const pagePaths: Readonly<Record<DashboardPageName, string>> = {
	overview: "/",
	chat: "/chat",
	devices: "/devices",
	sessions: "/sessions",
	doctor: "/doctor",
};

/** Address of a page for a host. */
export function pageHref(page: DashboardPageName, hostId: string): string {
	return `${pagePaths[page]}?${new URLSearchParams({ host: hostId })}`;
}

/** Address of the sessions of a device, or of one of them. */
export function sessionsHref(hostId: string, deviceId: string, sessionId?: string): string {
	const query = new URLSearchParams({ host: hostId, device: deviceId });
	if (sessionId !== undefined) {
		query.set("session", sessionId);
	}
	return `${pagePaths.sessions}?${query}`;
}
