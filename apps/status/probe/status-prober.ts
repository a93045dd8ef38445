import "server-only";
import { siteAddressing } from "@opta/ui/addressing.ts";
import { settingVariables } from "../env.ts";
import { httpGet } from "./http-get.ts";
import { createProber, type Prober } from "./prober.ts";
import { parseSettings } from "./settings.ts";
import { probeTargets } from "./targets.ts";

/** Start-up code and pages are compiled apart and share nothing but the process. */
const proberKey = Symbol.for("opta.status.prober");
const shared: typeof globalThis & { [proberKey]?: Prober } = globalThis;

/**
 * This process's only prober, running.
 * @throws {RangeError} naming the variable, when the first call finds one that cannot be meant.
 */
export function statusProber(): Prober {
	const running = shared[proberKey];
	if (running !== undefined) {
		return running;
	}
	const settings = parseSettings(settingVariables());
	const prober = createProber({
		targets: probeTargets(settings, siteAddressing()),
		intervalMs: settings.intervalMs,
		get: httpGet,
		now: Date.now,
	});
	shared[proberKey] = prober;
	prober.start();
	return prober;
}
