import { DataTable } from "@opta/ui/data-table.tsx";
import { EmptyState } from "@opta/ui/empty-state.tsx";
import { Notice } from "@opta/ui/notice.tsx";
import { readKnownHosts } from "../_data/known-hosts.ts";

const columns = ["Host", "Door", "Version", "Owner", "Last seen"];

const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

function LastSeen({ at }: { readonly at: string | null }) {
	return at === null ? <span className="text-muted">no data</span> : <time dateTime={at}>{moment.format(new Date(at))} UTC</time>;
}

/** Every inference host that the platform knows. */
export async function HostTable() {
	const hosts = await readKnownHosts();
	if (!hosts.ok) {
		return (
			<Notice tone="bad" title="The hosts could not be read">
				{hosts.message}
			</Notice>
		);
	}
	if (hosts.value.length === 0) {
		return <EmptyState title="No hosts yet">A local platform writes its own host into the database when it starts.</EmptyState>;
	}
	return (
		<DataTable
			caption="Inference hosts"
			captionHidden
			columns={columns}
			rows={hosts.value.map((host) => ({
				key: host.id,
				cells: [
					host.name,
					<code key="door" className="text-[0.8125rem]">
						{host.doorUrl}
					</code>,
					host.version ?? <span className="text-muted">no data</span>,
					host.claimed ? "claimed" : "nobody yet",
					<LastSeen key="seen" at={host.lastSeenAt} />,
				],
			}))}
		/>
	);
}
