import { accountsContext } from "../../../../env.ts";
import { forgetNewCodes } from "../../../../second-factor/forget-new-codes.ts";

export function POST(request: Request): Promise<Response> {
	return forgetNewCodes(accountsContext(), request);
}
