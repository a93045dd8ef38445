import { type SiteName, siteByName, sites } from "./sites.ts";

/**
 * Where the sites are reached by people. `portBase` is null where the sites have names of their own
 * on the scheme's default port (production); locally a site's port is `portBase + portOffset`.
 */
export interface SiteAddressing {
	readonly scheme: "http" | "https";
	readonly baseDomain: string;
	readonly portBase: number | null;
}

/** The local default: names under `.localhost`, which browsers resolve to loopback by themselves. */
export const localAddressing: SiteAddressing = { scheme: "http", baseDomain: "optalocal.localhost", portBase: 3000 };

/** Port of a site on this machine. */
export function sitePort(portBase: number, site: SiteName): number {
	return portBase + siteByName(site).portOffset;
}

/** Host name of a site, without port. */
export function siteHostname(addressing: SiteAddressing, site: SiteName): string {
	const { subdomain } = siteByName(site);
	return subdomain === "" ? addressing.baseDomain : `${subdomain}.${addressing.baseDomain}`;
}

/** Origin of a site as a browser sends it in `Origin`. */
export function siteOrigin(addressing: SiteAddressing, site: SiteName): string {
	const port = addressing.portBase === null ? "" : `:${sitePort(addressing.portBase, site)}`;
	return `${addressing.scheme}://${siteHostname(addressing, site)}${port}`;
}

/** Absolute address of a page, for people. `path` starts with `/`. */
export function siteUrl(addressing: SiteAddressing, site: SiteName, path = "/"): string {
	return `${siteOrigin(addressing, site)}${path}`;
}

/** Origins of all eight sites, for exact allow-lists. */
export function allSiteOrigins(addressing: SiteAddressing): readonly string[] {
	return sites.map((site) => siteOrigin(addressing, site.name));
}

/**
 * The port base that a page's own location implies: the page of `site` at port 4003 means a base of 4000.
 * Returns the given addressing unchanged in production, where sites have no port.
 */
export function addressingFromLocation(addressing: SiteAddressing, site: SiteName, locationPort: string): SiteAddressing {
	const port = Number(locationPort);
	if (addressing.portBase === null || !Number.isInteger(port) || port === 0) {
		return addressing;
	}
	return { ...addressing, portBase: port - siteByName(site).portOffset };
}
