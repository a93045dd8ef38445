import { siteUrl } from "@opta/contracts/site-url";
import { siteByName } from "@opta/contracts/sites";
import { siteAddressing } from "@opta/ui/addressing.ts";
import { DataTable } from "@opta/ui/data-table.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { SiteLink } from "@opta/ui/site-link.tsx";
import { StateMark } from "@opta/ui/state-mark.tsx";
import { readSiteRegistry } from "../_data/site-registry.ts";

const columns = ["Site", "State", "Latency", "Build", "Kind", "Address"];

/** The eight sites with what they answered just now. */
export async function SiteTable() {
	const registry = await readSiteRegistry();
	if (!registry.ok) {
		return (
			<Notice tone="bad" title="The sites were not asked">
				{registry.message}
			</Notice>
		);
	}
	const addressing = siteAddressing();
	return (
		<DataTable
			caption="Website registry"
			captionHidden
			columns={columns}
			rows={registry.value.map((probe) => {
				const site = siteByName(probe.site);
				return {
					key: probe.site,
					cells: [
						site.title,
						<StateMark
							key="state"
							state={probe.state === "up" ? "ok" : "bad"}
							label={probe.reason === null ? "up" : `down: ${probe.reason}`}
						/>,
						<span key="latency" className="font-mono text-[0.8125rem] tabular-nums">
							{probe.latencyMs === null ? "–" : `${probe.latencyMs} ms`}
						</span>,
						<span key="build" className="font-mono text-[0.8125rem]">
							{probe.build ?? "–"}
						</span>,
						site.kind === "server" ? "server" : "exported files",
						<SiteLink key="address" site={probe.site} className="link font-mono text-[0.8125rem] whitespace-nowrap">
							{siteUrl(addressing, probe.site)}
						</SiteLink>,
					],
				};
			})}
		/>
	);
}
