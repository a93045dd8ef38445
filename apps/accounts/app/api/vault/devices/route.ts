import { accountsContext } from "../../../../env.ts";
import { addDevice } from "../../../../vault/vault-routes.ts";

export function POST(request: Request): Promise<Response> {
	return addDevice(accountsContext(), request);
}
