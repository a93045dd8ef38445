import { accountsContext } from "../../../../env.ts";
import { relay } from "../../../../vault/relay-routes.ts";

export function GET(request: Request): Promise<Response> {
	return relay(accountsContext(), request);
}

export function POST(request: Request): Promise<Response> {
	return relay(accountsContext(), request);
}
