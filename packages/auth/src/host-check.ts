import { type SiteAddressing, siteHostname, sitePort, siteUrl } from "@opta/contracts/site-url";
import type { SiteName } from "@opta/contracts/sites";

/** What a local site does with a request for a host name. */
export type HostVerdict = { readonly state: "right" } | { readonly state: "redirect"; readonly to: string } | { readonly state: "foreign" };

/** Names that reach this machine's own loopback and are no other site's. */
const loopbackNames: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function splitHost(host: string): { name: string; port: string } {
	const colon = host.lastIndexOf(":");
	return colon === -1 || host.endsWith("]") ? { name: host, port: "" } : { name: host.slice(0, colon), port: host.slice(colon + 1) };
}

/**
 * Judges the raw `Host` header of a request. In production the platform in front routes by name, so all is right.
 * Locally a page asked for at `localhost` or a loopback address belongs at the site's own name (where its cookies are),
 * programs may use the loopback names, and any other name is a foreign one that was made to resolve here (DNS rebinding).
 * @param path path and query of the request
 */
export function judgeHost(
	addressing: SiteAddressing,
	site: SiteName,
	request: { readonly host: string | null; readonly path: string; readonly isPage: boolean },
): HostVerdict {
	if (addressing.portBase === null) {
		return { state: "right" };
	}
	const { name, port } = splitHost((request.host ?? "").toLowerCase());
	if (name === siteHostname(addressing, site) && port === String(sitePort(addressing.portBase, site))) {
		return { state: "right" };
	}
	if (!loopbackNames.has(name)) {
		return { state: "foreign" };
	}
	return request.isPage ? { state: "redirect", to: siteUrl(addressing, site, request.path) } : { state: "right" };
}

/** True for a request whose answer a browser shows as a page. */
export function isPageRequest(method: string, path: string, headers: Headers): boolean {
	if ((method !== "GET" && method !== "HEAD") || path.startsWith("/api/")) {
		return false;
	}
	const mode = headers.get("sec-fetch-mode");
	return mode === null ? (headers.get("accept") ?? "").includes("text/html") : mode === "navigate";
}
