import { authAddressing } from "@opta/auth/env";
import { requireApiUser } from "@opta/auth/require-api-user";
import { isLocal } from "@opta/contracts/addressing";
import { findHosts } from "../../../hosts/find-hosts.ts";

export const dynamic = "force-dynamic";

/** `GET /api/found-hosts`: for signed-in people, the hosts that announce themselves where the platform runs on one machine. */
export async function GET(): Promise<Response> {
	const user = await requireApiUser();
	if (!user.ok) {
		return user.response;
	}
	const found = isLocal(authAddressing()) ? { looked: true, hosts: await findHosts() } : { looked: false, hosts: [] };
	return Response.json(found, { headers: { "cache-control": "no-store" } });
}
