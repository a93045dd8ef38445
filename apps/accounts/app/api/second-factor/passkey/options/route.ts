import { accountsContext } from "../../../../../env.ts";
import { passkeyOptions } from "../../../../../second-factor/passkey-options.ts";

export function POST(request: Request): Promise<Response> {
	return passkeyOptions(accountsContext(), request);
}
