import { createHostClient } from "@opta/host-client/host-client";
import type { DashboardPageName, DashboardPlace } from "../src/host/dashboard-place.tsx";

/** The page that an address asks for; anything unknown is the overview. */
export function pageOfQuery(query: string): DashboardPageName {
	return new URLSearchParams(query).get("page") === "chat" ? "chat" : "overview";
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
