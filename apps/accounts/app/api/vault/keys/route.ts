import { accountsContext } from "../../../../env.ts";
import { replaceRootWraps } from "../../../../vault/vault-routes.ts";

export function PUT(request: Request): Promise<Response> {
	return replaceRootWraps(accountsContext(), request);
}
