"use client";

import type { HostClient } from "@opta/host-client/host-client";
import { createContext, type ReactNode, useContext } from "react";

/** A host that the reader may switch to. */
export interface HostChoice {
	readonly id: string;
	readonly name: string;
}

/** Where the dashboard's pages stand: which host, how it is reached, and the addresses of the pages in this shell. */
export interface DashboardPlace {
	readonly client: HostClient;
	readonly host: HostChoice;
	/** Every host the reader may open, the present one included. */
	readonly hosts: readonly HostChoice[];
	/** Address of a page for a host. */
	readonly pageHref: (page: DashboardPageName, hostId: string) => string;
	/** Where to sign in again and come back; null in a shell that knows no accounts. */
	readonly signInHref: string | null;
	/** Names the person and the host, so that nobody finds another one's conversation in the same tab. */
	readonly storageKey: string;
}

/** The dashboard's pages. */
export type DashboardPageName = "overview" | "chat";

const PlaceContext = createContext<DashboardPlace | null>(null);

/** Gives the pages below their place. */
export function DashboardProvider({ place, children }: { readonly place: DashboardPlace; readonly children: ReactNode }) {
	return <PlaceContext value={place}>{children}</PlaceContext>;
}

/** The place of the page. @throws {Error} outside a provider. */
export function useDashboardPlace(): DashboardPlace {
	const place = useContext(PlaceContext);
	if (place === null) {
		throw new Error("The dashboard's pages need a DashboardProvider around them.");
	}
	return place;
}
