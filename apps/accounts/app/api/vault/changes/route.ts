import { accountsContext } from "../../../../env.ts";
import { writeChanges } from "../../../../vault/vault-routes.ts";

export function POST(request: Request): Promise<Response> {
	return writeChanges(accountsContext(), request);
}
