import { accountsContext } from "../../../../../env.ts";
import { registerPasskey } from "../../../../../second-factor/passkeys.ts";

export function POST(request: Request): Promise<Response> {
	return registerPasskey(accountsContext(), request);
}
