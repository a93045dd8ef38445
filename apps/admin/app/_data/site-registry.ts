import "server-only";
import { sites } from "@opta/contracts/sites";
import { siteAddressing } from "@opta/ui/addressing.ts";
import { cache } from "react";
import type { DataResult } from "./data-result.ts";
import { probeSite, type SiteProbe } from "./probe-site.ts";
import { requireAdmin } from "./require-admin.ts";

const probeTimeoutMs = 3_000;

/** Asks all eight sites at once, for administrators only; each is asked once per request. */
export const readSiteRegistry: () => Promise<DataResult<readonly SiteProbe[]>> = cache(async () => {
	const admin = await requireAdmin();
	if (!admin.ok) {
		return admin;
	}
	const addressing = siteAddressing();
	return { ok: true, value: await Promise.all(sites.map((site) => probeSite(addressing, site.name, probeTimeoutMs))) };
});
