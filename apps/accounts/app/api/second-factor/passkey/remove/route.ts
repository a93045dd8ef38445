import { accountsContext } from "../../../../../env.ts";
import { removePasskey } from "../../../../../second-factor/remove-passkey.ts";

export function POST(request: Request): Promise<Response> {
	return removePasskey(accountsContext(), request);
}
