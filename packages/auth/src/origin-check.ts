import { type SiteAddressing, siteOrigin } from "@opta/contracts/site-url";
import type { SiteName } from "@opta/contracts/sites";

/**
 * True when a request that changes something was sent by a page of the site itself. Browsers put `Origin` on every
 * POST, so a request without it (or with `null`) is refused too.
 */
export function isFromOwnPage(headers: Headers, addressing: SiteAddressing, site: SiteName): boolean {
	return headers.get("origin") === siteOrigin(addressing, site);
}
