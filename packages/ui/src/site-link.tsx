"use client";

import { siteUrl } from "@opta/contracts/site-url";
import type { SiteName } from "@opta/contracts/sites";
import type { AnchorHTMLAttributes } from "react";
import { useSiteAddressing } from "./addressing-provider.tsx";

interface SiteLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, "href"> {
	readonly site: SiteName;
	/** Starts with `/`. */
	readonly path?: string;
}

/** A plain anchor to a page of one of the eight sites, right for local port bases too. */
export function SiteLink({ site, path = "/", ...rest }: SiteLinkProps) {
	return <a {...rest} href={siteUrl(useSiteAddressing(), site, path)} />;
}
