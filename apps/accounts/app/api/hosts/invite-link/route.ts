import { accountsContext } from "../../../../env.ts";
import { makeInviteLink } from "../../../../hosts/make-invite.ts";

export function POST(request: Request): Promise<Response> {
	return makeInviteLink(accountsContext(), request);
}
