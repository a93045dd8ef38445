import { createHostClient } from "@opta/host-client/host-client";
import type { DashboardPageName, DashboardPlace } from "../src/host/dashboard-place.tsx";

/** The page that an address asks for; anything unknown is the overview. */
export function pageOfQuery(query: string): DashboardPageName {
	return new URLSearchParams(query).get("page") === "chat" ? "chat" : "overview";
}

const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** What people call the server that a page came from. */
export function hostNameOf(hostname: string): string {
	return loopbackNames.has(hostname) ? "This computer" : hostname;
}

/** The dashboard on the server that serves it: same origin, one host, no accounts. */
export function createLanPlace(hostName: string): DashboardPlace {
	const host = { id: "here", name: hostName };
	return {
		client: createHostClient({ baseUrl: "" }),
		host,
		hosts: [host],
		pageHref: (page) => (page === "chat" ? "/?page=chat" : "/"),
		signInHref: null,
		storageKey: "lan",
	};
}
