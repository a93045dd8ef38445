import { accountsContext } from "../../../../env.ts";
import { leaveHost } from "../../../../hosts/manage-members.ts";

export function POST(request: Request): Promise<Response> {
	return leaveHost(accountsContext(), request);
}
