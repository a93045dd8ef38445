import { existsSync } from "node:fs";
import { homeFiles } from "@opta/daemon/platform/home-files";
import type { HostOptions } from "../options/host-options.ts";

/** What would be refused, and by what it is decided. */
export interface PolicySources {
	readonly options: Pick<HostOptions, "roles" | "stateDir">;
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Why this computer must not run the wanted roles, in one line; null where it may. A client-only machine never hosts models. */
export async function refuseByPolicy({ options, environment }: PolicySources): Promise<string | null> {
	const { config } = homeFiles(options.stateDir);
	const mayBeClient = existsSync(config) || environment.OPTA_HOST_POLICY !== undefined;
	if (!options.roles.includes("lmx") || !mayBeClient) {
		return null;
	}
	// Loaded only where there is a configuration: the supervisor stays small.
	const { loadConfig } = await import("@opta/daemon/config/load-config");
	const loaded = loadConfig({ home: options.stateDir, environment });
	if (!loaded.ok) {
		return loaded.message;
	}
	return loaded.config.hostPolicy === "client"
		? `This computer is client-only (hostPolicy: client), so it does not run the inference server. Run it on the host, or change ${config}.`
		: null;
}
