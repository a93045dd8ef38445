import { startHostClaim } from "../../../../claim/start-host-claim.ts";
import { accountsContext } from "../../../../env.ts";

export function POST(request: Request): Promise<Response> {
	return startHostClaim(accountsContext(), request);
}
