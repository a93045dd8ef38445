import { accountsContext } from "../../../../env.ts";
import { forgetNewCodes } from "../../../../second-factor/remove-passkey.ts";

export function POST(request: Request): Promise<Response> {
	return forgetNewCodes(accountsContext(), request);
}
