import { accountsContext } from "../../../../env.ts";
import { revoke } from "../../../../sessions/revoke.ts";

export function POST(request: Request): Promise<Response> {
	return revoke(accountsContext(), request);
}
