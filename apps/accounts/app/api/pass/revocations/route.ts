import { accountsContext } from "../../../../env.ts";
import { listPassRevocations } from "../../../../passes/list-pass-revocations.ts";

export function GET(request: Request): Promise<Response> {
	return listPassRevocations(accountsContext(), request);
}
