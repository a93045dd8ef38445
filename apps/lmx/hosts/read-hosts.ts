import "server-only";
import { createDataClient } from "@opta/auth/data-client";
import type { SignedInSession } from "@opta/auth/session";
import type { HostSummary } from "@opta/contracts/schema/host";
import { toHostSummaries } from "./host-rows.ts";

/** What was read, or null when the back end did not give it. */
export async function readHosts({ user, accessToken }: SignedInSession): Promise<readonly HostSummary[] | null> {
	const data = createDataClient(accessToken);
	const [members, hosts] = await Promise.all([
		data.from("host_members").select("host_id,role").eq("user_id", user.id),
		data.from("hosts").select("id,name,last_seen_at"),
	]);
	return members.error === null && hosts.error === null ? toHostSummaries(members.data, hosts.data) : null;
}
