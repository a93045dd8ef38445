import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Environment } from "../platform/opta-home.ts";

/** Where configuration comes from, strongest first: flags, environment, project, user. */
export interface ConfigSources {
	/** From `optaHome`. */
	readonly home: string;
	/** Variables; `OPTA_MODEL`, `OPTA_CONNECTION_HOST` and so on are read. */
	readonly environment: Environment;
	/** By dotted name, as on the command line: `{ "connection.host": "mono512.local" }`. */
	readonly flags?: Readonly<Record<string, unknown>>;
	/** Folder whose `.opta/config.json` counts too; missing: no project. */
	readonly workspace?: string;
}

/** The configuration with notices for people, or the first mistake, which names file and line. */
export type LoadedConfig =
	| { readonly ok: true; readonly config: OptaConfig; readonly notices: readonly string[] }
	| { readonly ok: false; readonly message: string };
