import { accountsContext } from "../../../../env.ts";
import { handOverHost } from "../../../../hosts/manage-host.ts";

export function POST(request: Request): Promise<Response> {
	return handOverHost(accountsContext(), request);
}
