"use client";

import type { Peer } from "@opta/contracts/schema/peers";
import { useDashboardPlace, useDevicePlace } from "../host/dashboard-place.tsx";
import { type HostData, useHostData } from "../host/use-host-data.ts";
import { namePeers } from "./name-peers.ts";

const refreshMs = 5_000;

/** The reader's devices at this host by the names in their account, asked for every five seconds. */
export function usePeers(): HostData<{ readonly peers: readonly Peer[] }> {
	const { client } = useDashboardPlace();
	const { own } = useDevicePlace();
	const answer = useHostData([client.baseUrl, "peers"], () => client.listPeers(), { refreshMs: () => refreshMs });
	return answer.data === undefined ? answer : { ...answer, data: { peers: namePeers(answer.data.peers, own ?? []) } };
}
