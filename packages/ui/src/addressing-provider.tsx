"use client";

import { addressingFromLocation, localAddressing, type SiteAddressing } from "@opta/contracts/site-url";
import type { SiteName } from "@opta/contracts/sites";
import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

/** A site and the addresses around it. */
export interface Place {
	readonly site: SiteName;
	readonly addressing: SiteAddressing;
}

const PlaceContext = createContext<Place | null>(null);

/** Tells the parts below which site they are on and where the sites are, as the server knows it. */
export function AddressingProvider({ site, addressing, children }: Place & { readonly children: ReactNode }) {
	return <PlaceContext value={{ site, addressing }}>{children}</PlaceContext>;
}

/** Which site this is and where the sites are, as the server knows it; null without a provider. */
export function usePlace(): Place | null {
	return useContext(PlaceContext);
}

/** Where the sites are, seen from the browser's own location. Call it in effects and handlers only. */
export function addressingHere(place: Place | null): SiteAddressing {
	return place === null ? localAddressing : addressingFromLocation(place.addressing, place.site, window.location.port);
}

/** A page's location never changes its port, so there is nothing to listen to. */
function neverChanges(): () => void {
	return () => undefined;
}

/**
 * Where the sites are. A page built ahead of time knows the default port base only; in the browser the page's
 * own port says which one is meant. Without a provider this is the local default.
 */
export function useSiteAddressing(): SiteAddressing {
	const place = usePlace();
	const port = useSyncExternalStore(
		neverChanges,
		() => window.location.port,
		() => "",
	);
	return place === null ? localAddressing : addressingFromLocation(place.addressing, place.site, port);
}
