import { accountsContext } from "../../../env.ts";
import { confirmAddress } from "../../../forms/confirm-address.ts";

export function POST(request: Request): Promise<Response> {
	return confirmAddress(accountsContext(), request);
}
