import { accountsContext } from "../../../../env.ts";
import { advanceEpoch } from "../../../../vault/vault-routes.ts";

export function POST(request: Request): Promise<Response> {
	return advanceEpoch(accountsContext(), request);
}
