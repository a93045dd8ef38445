import { accountsContext } from "../../../../env.ts";
import { withdrawInvite } from "../../../../hosts/make-invite.ts";

export function POST(request: Request): Promise<Response> {
	return withdrawInvite(accountsContext(), request);
}
