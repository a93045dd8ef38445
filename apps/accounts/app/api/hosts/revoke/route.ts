import { accountsContext } from "../../../../env.ts";
import { revokeHost } from "../../../../hosts/manage-host.ts";

export function POST(request: Request): Promise<Response> {
	return revokeHost(accountsContext(), request);
}
