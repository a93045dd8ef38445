import { accountsContext } from "../../../../env.ts";
import { linkIdentity } from "../../../../oauth/link-identity.ts";

export function POST(request: Request): Promise<Response> {
	return linkIdentity(accountsContext(), request);
}
