import { accountsContext } from "../../../../../env.ts";
import { provePasskey } from "../../../../../second-factor/passkeys.ts";

export function POST(request: Request): Promise<Response> {
	return provePasskey(accountsContext(), request);
}
