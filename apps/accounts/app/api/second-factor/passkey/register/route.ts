import { accountsContext } from "../../../../../env.ts";
import { registerPasskey } from "../../../../../second-factor/register-passkey.ts";

export function POST(request: Request): Promise<Response> {
	return registerPasskey(accountsContext(), request);
}
