import { accountsContext } from "../../../../env.ts";
import { proveSecondFactor } from "../../../../second-factor/prove.ts";

export function POST(request: Request): Promise<Response> {
	return proveSecondFactor(accountsContext(), request);
}
