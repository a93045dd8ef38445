import { createHostClient } from "@opta/host-client/host-client";
import type { HostKey } from "@opta/host-client/host-key";
import type { DashboardPageName, DashboardPlace, SignIn } from "../src/host/dashboard-place.tsx";

/** Pages of the dashboard on a LAN: devices belong to accounts, which it has none of. */
export const lanPages = ["overview", "chat", "doctor"] as const satisfies readonly DashboardPageName[];

/** One of these. */
export type LanPageName = (typeof lanPages)[number];

/** The page that an address asks for; anything unknown is the overview. */
export function pageOfQuery(query: string): LanPageName {
	const wanted = new URLSearchParams(query).get("page");
	return lanPages.find((page) => page === wanted) ?? "overview";
}

const loopbackNames: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** What people call the server that a page came from. */
export function hostNameOf(hostname: string): string {
	return loopbackNames.has(hostname) ? "This computer" : hostname;
}

/** What the dashboard on a LAN is made of. */
export interface LanPlaceParts {
	readonly hostName: string;
	readonly hostKey: HostKey;
	readonly signIn: SignIn;
}

/** The dashboard on the server that serves it: same origin, one host, no accounts. */
export function createLanPlace({ hostName, hostKey, signIn }: LanPlaceParts): DashboardPlace {
	const host = { id: "here", name: hostName };
	return {
		client: createHostClient({ baseUrl: "", hostKey }),
		host,
		hosts: [host],
		pages: lanPages,
		pageHref: (page) => (page === "overview" ? "/" : `/?page=${page}`),
		signIn,
		storageKey: "lan",
		devices: null,
		pairHref: null,
	};
}
