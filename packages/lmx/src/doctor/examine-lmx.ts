import { networkInterfaces } from "node:os";
import { build } from "@opta/contracts/build";
import { broken, type CheckOutcome, fine, limited, runCheck } from "@opta/contracts/doctor-check";
import type { DoctorLayer } from "@opta/contracts/doctor-layers";
import type { DoctorCheck, DoctorReport } from "@opta/contracts/schema/doctor";
import type { LiveSettings } from "../config/live-settings.ts";
import type { Access } from "../server/access/open-access.ts";
import type { ServerState } from "../server/server-state.ts";
import { judgeDisk, judgeMemory } from "./judge-machine.ts";
import { judgeModels } from "./judge-models.ts";
import { type Interfaces, judgeAddresses, judgeKeys } from "./judge-network.ts";

/** What LMX looks at when it is asked how it is. */
export interface LmxParts {
	readonly state: ServerState;
	readonly settings: Pick<LiveSettings, "current" | "problem">;
	readonly access: Pick<Access, "needs" | "warnings">;
	/** The machine's, where a test has no others. */
	readonly interfaces?: () => Interfaces;
}

/** Longer than a small model on a busy machine takes for a token. */
const timeLimitMs = 8_000;

/** Answer of `GET /admin/doctor` of LMX: its models, its machine, its addresses and what is open. Never rejects. */
export async function examineLmx(parts: LmxParts, requestId: string, port: number): Promise<DoctorReport> {
	const { state, settings, access, interfaces = networkInterfaces } = parts;
	const { host, modelDir } = settings.current;
	const check = (
		layer: DoctorLayer,
		name: string,
		look: (signal: AbortSignal) => CheckOutcome | Promise<CheckOutcome>,
	): Promise<DoctorCheck> =>
		runCheck({ layer, name, timeLimitMs, fixWhenLate: "Restart the host: npm run host. Its log says what it was doing." }, look);
	const { pool } = state;
	const checks = await Promise.all([
		check("lmx", "model", (signal) => judgeModels(state, requestId, signal)),
		check("lmx", "memory", () => judgeMemory(state.memory(), pool.capacityBytes, pool.committedBytes)),
		check("lmx", "disk", () =>
			judgeDisk(modelDir).catch((error: unknown) =>
				broken(
					`The folder of models ${modelDir} cannot be looked at: ${error instanceof Error ? error.message : error}`,
					"Set modelDir in config.yaml to a folder that LMX may read.",
				),
			),
		),
		check("lmx", "settings", () =>
			settings.problem === null
				? fine("The configuration that was read last holds.")
				: limited(settings.problem, "Correct it; the configuration before holds on meanwhile."),
		),
		check("lmx", "keys", () => judgeKeys(host, access.needs().needsAdminKey, access.warnings())),
		check("versions", "LMX", () => fine(`LMX ${build} on Node ${process.versions.node}.`)),
		check("address", "addresses of the host", () => judgeAddresses(host, port, interfaces())),
	]);
	return { build, at: new Date().toISOString(), checks };
}
