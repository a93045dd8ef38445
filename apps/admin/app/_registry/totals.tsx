import { Stat } from "@opta/ui/stat.tsx";
import { readAccountCount } from "../_data/account-count.ts";
import { readKnownHosts } from "../_data/known-hosts.ts";
import { readSiteRegistry } from "../_data/site-registry.ts";

/** The platform in four numbers. */
export async function Totals() {
	const [accounts, hosts, registry] = await Promise.all([readAccountCount(), readKnownHosts(), readSiteRegistry()]);
	const up = registry.ok ? registry.value.filter((probe) => probe.state === "up") : null;
	const slowestMs = up === null || up.length === 0 ? null : Math.max(...up.map((probe) => probe.latencyMs ?? 0));
	return (
		<>
			<Stat label="sites up" value={up === null ? null : up.length} unit={registry.ok ? `of ${registry.value.length}` : undefined} />
			<Stat label="slowest site" value={slowestMs} unit="ms" />
			<Stat label="hosts" value={hosts.ok ? hosts.value.length : null} />
			<Stat label="accounts" value={accounts.ok ? accounts.value : null} />
		</>
	);
}
