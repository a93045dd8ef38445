import { siteUrl } from "@opta/contracts/site-url";
import { type SiteName, siteByName } from "@opta/contracts/sites";
import type { Metadata } from "next";
import { siteAddressing } from "./addressing.ts";

/** Metadata for a site's layout: page titles end with the site's name. */
export function siteMetadata(site: SiteName, description = `${siteByName(site).summary}.`): Metadata {
	const { title } = siteByName(site);
	return {
		metadataBase: new URL(siteUrl(siteAddressing(), site)),
		title: { default: title, template: `%s · ${title}` },
		description,
		openGraph: { siteName: title, title, description, type: "website" },
	};
}
