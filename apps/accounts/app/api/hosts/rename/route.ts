import { accountsContext } from "../../../../env.ts";
import { renameHost } from "../../../../hosts/manage-host.ts";

export function POST(request: Request): Promise<Response> {
	return renameHost(accountsContext(), request);
}
