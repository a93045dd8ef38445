"use client";

import type { HostClient } from "@opta/host-client/host-client";
import type { HostError } from "@opta/host-client/host-error";
import { createContext, type ReactNode, useContext } from "react";

/** A host that the reader may switch to. */
export interface HostChoice {
	readonly id: string;
	readonly name: string;
}

/** What a form for the host's key is told. */
export interface KeyProblem {
	/** Why the host gave nothing: `unauthenticated`, or `forbidden` for a key that opens other things only. */
	readonly error: HostError;
	/** Asks the host again, with the key that was entered. */
	readonly retry: () => void;
	readonly retrying: boolean;
	readonly children?: ReactNode;
}

/** How a reader whom the host did not let in gets in: by signing in and coming back, or with a key of the host. */
export type SignIn =
	| { readonly kind: "link"; readonly href: string }
	| { readonly kind: "key"; readonly form: (problem: KeyProblem) => ReactNode };

/** Where the dashboard's pages stand: which host, how it is reached, and the addresses of the pages in this shell. */
export interface DashboardPlace {
	readonly client: HostClient;
	readonly host: HostChoice;
	/** Every host the reader may open, the present one included. */
	readonly hosts: readonly HostChoice[];
	/** Address of a page for a host. */
	readonly pageHref: (page: DashboardPageName, hostId: string) => string;
	readonly signIn: SignIn;
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
