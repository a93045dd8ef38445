import { defaultPorts } from "@opta/contracts/ports";
import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import { type BrowseOptions, browseLmx } from "@opta/host-client/discovery/browse-lmx";

/** Where LMX is, and how that is known. */
export interface LmxPlace {
	readonly host: string;
	readonly port: number;
	readonly source: "configuration" | "network" | "loopback";
}

/** So long is the local network asked for a host. */
const browseTimeoutMs = 1500;

/** Where LMX is: as configured, else the first host that announces itself on the local network, else this computer. */
export async function findLmx(
	{ connection }: Pick<OptaConfig, "connection">,
	browse: (options: BrowseOptions) => ReturnType<typeof browseLmx> = browseLmx,
): Promise<LmxPlace> {
	if (connection.host !== undefined) {
		return { host: connection.host, port: connection.port ?? defaultPorts.lmx, source: "configuration" };
	}
	if (connection.port !== undefined) {
		return { host: "127.0.0.1", port: connection.port, source: "loopback" };
	}
	const [first] = await browse({ timeoutMs: browseTimeoutMs, firstOnly: true });
	return first === undefined
		? { host: "127.0.0.1", port: defaultPorts.lmx, source: "loopback" }
		: { host: first.host, port: first.port, source: "network" };
}
