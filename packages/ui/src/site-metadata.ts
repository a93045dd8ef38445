import { siteUrl } from "@opta/contracts/site-url";
import { type SiteName, siteByName } from "@opta/contracts/sites";
import type { Metadata } from "next";
import { siteAddressing } from "./addressing.ts";

const icon = `data:image/svg+xml,${encodeURIComponent(
	'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 .8 23.2 12 12 23.2.8 12Z" fill="#c3f03f"/><path d="m8.6 8.2 3.8 3.8-3.8 3.8M13.2 15.4h3.6" fill="none" stroke="#12160a" stroke-width="1.8"/></svg>',
)}`;

/** Metadata for a site's layout: page titles end with the site's name, the mark is the icon. */
export function siteMetadata(site: SiteName, description = `${siteByName(site).summary}.`): Metadata {
	const { title } = siteByName(site);
	return {
		metadataBase: new URL(siteUrl(siteAddressing(), site)),
		title: { default: title, template: `%s · ${title}` },
		description,
		icons: { icon },
		openGraph: { siteName: title, title, description, type: "website" },
	};
}
