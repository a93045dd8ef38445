import type { OptaConfig } from "@opta/contracts/schema/opta-config";
import type { Egress } from "../egress/egress.ts";

/** What models are found with. */
export interface ModelParts {
	readonly egress: Egress;
	readonly config: () => Pick<OptaConfig, "connection" | "model" | "localOnly" | "anthropic">;
	/** Where LMX is, as configured or found; null where nothing was found. */
	readonly lmxAddress: () => { readonly host: string; readonly port: number } | null;
	/** The host's key, where it asks for one. */
	readonly adminKey: () => Promise<string | null>;
	readonly anthropicKey: () => Promise<string | null>;
	/** Folder in which measurements are kept. */
	readonly folder: string;
	readonly now?: () => Date;
}
