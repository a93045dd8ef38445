import { accountsContext } from "../../../../env.ts";
import { unlinkIdentity } from "../../../../oauth/unlink-identity.ts";

export function POST(request: Request): Promise<Response> {
	return unlinkIdentity(accountsContext(), request);
}
