import { type DoctorLayer, inLayerOrder } from "@opta/contracts/doctor-layers";
import type { DoctorReport } from "@opta/contracts/schema/doctor";

/** What people call a layer. */
export const layerNames: Readonly<Record<DoctorLayer, string>> = {
	computer: "This computer",
	session: "Your session",
	membership: "Membership",
	site: "Site to tunnel",
	tunnel: "Tunnel",
	door: "Door",
	lmx: "LMX",
	daemon: "Daemon",
	peers: "Devices",
	clock: "Clock",
	versions: "Versions",
	address: "Address",
};

/** The findings as text, for a message to somebody who helps. */
export function reportText({ build, at, checks }: DoctorReport, hostName: string): string {
	const lines = inLayerOrder(checks).map(
		({ layer, state, summary, fix }) => `${state.padEnd(8)}${layerNames[layer]}: ${summary}${fix === null ? "" : `\n        fix: ${fix}`}`,
	);
	return [`Doctor of ${hostName}, ${at}, build ${build}`, ...lines].join("\n");
}
