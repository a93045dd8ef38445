"use client";

import type { PeerList } from "@opta/contracts/schema/peers";
import { useDashboardPlace } from "../host/dashboard-place.tsx";
import { type HostData, useHostData } from "../host/use-host-data.ts";

const refreshMs = 5_000;

/** The reader's devices at this host, asked for every five seconds. */
export function usePeers(): HostData<PeerList> {
	const { client } = useDashboardPlace();
	return useHostData([client.baseUrl, "peers"], () => client.listPeers(), { refreshMs: () => refreshMs });
}
