import { accountsContext } from "../../../../../env.ts";
import { verifyPasskey } from "../../../../../second-factor/verify-passkey.ts";

export function POST(request: Request): Promise<Response> {
	return verifyPasskey(accountsContext(), request);
}
