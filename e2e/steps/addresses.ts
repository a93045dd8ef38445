import { localAddressing, siteUrl } from "@opta/contracts/site-url";
import type { SiteName } from "@opta/contracts/sites";
import { runningPlatform } from "../platform/env.ts";

/** Address of a page of the platform under test. */
export function pageUrl(site: SiteName, path = "/"): string {
	return siteUrl({ ...localAddressing, portBase: runningPlatform().portBase }, site, path);
}
