"use client";

import type { DaemonClient } from "@opta/host-client/daemon/daemon-client";
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

/** A device where the reader is signed in, whether it joined this host or not. */
export interface OwnDevice {
	readonly id: string;
	readonly name: string;
	/** RFC 3339. */
	readonly lastSeenAt: string | null;
}

/** What the dashboard knows of the reader's devices behind the host. */
export interface DevicePlace {
	/** Those that the reader is signed in on, as they were when the page was opened; null where that could not be read. */
	readonly own: readonly OwnDevice[] | null;
	/** Talks to the daemon of a device. */
	readonly client: (deviceId: string) => DaemonClient;
	/** Address of the sessions of a device, or of one of them. */
	readonly sessionsHref: (deviceId: string, sessionId?: string) => string;
	/** Address where the reader's devices are named and signed out. */
	readonly accountHref: string;
}

/** Where the dashboard's pages stand: which host, how it is reached, and the addresses of the pages in this shell. */
export interface DashboardPlace {
	readonly client: HostClient;
	readonly host: HostChoice;
	/** Every host the reader may open, the present one included. */
	readonly hosts: readonly HostChoice[];
	/** The pages of this shell's navigation, in order. */
	readonly pages: readonly DashboardPageName[];
	/** Address of a page for a host. */
	readonly pageHref: (page: DashboardPageName, hostId: string) => string;
	readonly signIn: SignIn;
	/** Names the person and the host, so that nobody finds another one's conversation in the same tab. */
	readonly storageKey: string;
	/** Null where the shell has no passes for devices. */
	readonly devices: DevicePlace | null;
	/** Address of the page for adding a host; null where there are no accounts. */
	readonly pairHref: string | null;
}

/** The dashboard's pages for a host. */
export type DashboardPageName = "overview" | "chat" | "devices" | "sessions" | "doctor";

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

/** What is known of the reader's devices. @throws {Error} in a shell that has none. */
export function useDevicePlace(): DevicePlace {
	const { devices } = useDashboardPlace();
	if (devices === null) {
		throw new Error("This shell of the dashboard has no passes for devices.");
	}
	return devices;
}
